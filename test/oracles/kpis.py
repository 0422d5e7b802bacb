"""Numbers of test/pgtap/kpis.sql and test_indicators.c: clustered errors by their
definition, t and binomial quantiles by scipy.  Takes no arguments."""
import numpy as np
from scipy import stats
i=np.arange(1,41); v=((i*7919)%101)/8.0; c=(i*31)%7
for name,x in (('mean',v),('rate',(v>6).astype(float)),('nps',np.where((i*7)%11>=9,100.,np.where((i*7)%11<=6,-100.,0.)))):
    n=len(x);m=x.mean();G=len(set(c));r=[(x[c==g]-m).sum() for g in set(c)]
    se=np.sqrt(G/(G-1)*np.sum(np.square(r)))/n
    t=stats.t.ppf(.975,G-1)
    if name=='rate':
        ne=min(n,m*(1-m)/se**2); z=t
        ctr=(m+z*z/2/ne)/(1+z*z/ne); h=z/(1+z*z/ne)*np.sqrt(m*(1-m)/ne+z*z/4/ne**2)
        print(name,'%.12f %.12f %.12f %.12f'%(m,se,ctr-h,ctr+h))
    else: print(name,'%.12f %.12f %.12f %.12f'%(m,se,m-t*se,m+t*se))
s=v.std(ddof=1)/np.sqrt(40); t=stats.t.ppf(.975,39); print('plain mean %.12f %.12f %.12f %.12f'%(v.mean(),s,v.mean()-t*s,v.mean()+t*s))
for n in (6,7,10,25,100,1000,10001):
    k=max(k for k in range(0,n) if stats.binom.cdf(k-1,n,.5)<=.025); print(n,k)
