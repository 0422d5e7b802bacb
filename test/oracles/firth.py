"""Firth on complete separation, maximised in 40 digits: log-likelihood + 1/2 log det
information of x = 1..10, y = x > 5; prints intercept, slope and the error of the
intercept (test/pgtap/models_glm_shape.sql)."""
from mpmath import mp, mpf, log, exp, findroot, matrix, det, diff
mp.dps=40
x=[mpf(i) for i in range(1,11)]; y=[1 if i>5 else 0 for i in range(1,11)]
def pl(a,b):
    s=mpf(0); h00=h01=h11=mpf(0)
    for xi,yi in zip(x,y):
        e=a+b*xi; m=1/(1+exp(-e)); s+= yi*e - log(1+exp(e)); w=m*(1-m); h00+=w;h01+=w*xi;h11+=w*xi*xi
    return s+log(h00*h11-h01**2)/2, (h00,h01,h11)
f=lambda a,b:[diff(lambda t:pl(t,b)[0],a),diff(lambda t:pl(a,t)[0],b)]
r=findroot(f,(mpf(-5),mpf('0.9')))
h=pl(r[0],r[1])[1]; d=h[0]*h[2]-h[1]**2
print(mp.nstr(r[0],13),mp.nstr(r[1],13),mp.nstr((h[2]/d)**mpf('0.5'),13))
