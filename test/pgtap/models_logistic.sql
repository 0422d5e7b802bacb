-- Logistic regression on public data against R's glm and sandwich, confirmed
-- by numpy (test/oracles/models.R, models.py).
BEGIN;
\ir lib/close.psql
SELECT plan(28);
\if :shared_here
\ir lib/data.psql

SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop')$$,
	'{0.563440387535,0.0212276909869,-1.08244664893,0.754181511119}',
	'{1.22300385794,0.0176628589425,0.319102091357,0.237535391692}', 'lung: estimates and errors');
SELECT pg_temp.inference_is($$journey.fit('SELECT *, status = 2 AS dead FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop')$$,
	'{0.645012382271,0.229430776975,0.000693429041707,0.0014982206204}',
	'{-1.83360312699,-0.0133908764045,-1.70787525539,0.288620698349}',
	'{2.96048390206,0.0558462583783,-0.457018042483,1.21974232389}', 'lung: normal inference');
SELECT pg_temp.summary_is($$journey.fit('SELECT *, status = 2 AS dead FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop')$$,
	'{227,223,240.711077453,268.136144085,-120.355538726,248.711077453,262.410877523}',
	'ok', 'lung: summary');
SELECT pg_temp.holds($$SELECT converged AND family = 'binomial' AND link = 'logit' AND iterations BETWEEN 2 AND 25
	FROM journey.fit('SELECT *, status = 2 AS dead FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop')$$, 'lung: converged, named family and link');

-- Robust and clustered errors.
SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead FROM lung WHERE inst IS NOT NULL', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', errors => 'hc0')$$,
	'{0.565741494037,0.0211200741462,-1.07809089879,0.748849084816}',
	'{1.24289244739,0.017561287775,0.318163893833,0.215504096485}', 'lung: hc0');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead FROM lung WHERE inst IS NOT NULL', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', errors => 'hc1')$$,
	'{0.565741494037,0.0211200741462,-1.07809089879,0.748849084816}',
	'{1.25403968802,0.017718791267,0.321017438797,0.217436907345}', 'lung: hc1');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead FROM lung WHERE inst IS NOT NULL', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', errors => 'hc2')$$,
	'{0.565741494037,0.0211200741462,-1.07809089879,0.748849084816}',
	'{1.26166945159,0.0178161561855,0.321257132406,0.218007598727}', 'lung: hc2');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead FROM lung WHERE inst IS NOT NULL', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', errors => 'hc3')$$,
	'{0.565741494037,0.0211200741462,-1.07809089879,0.748849084816}',
	'{1.28084680908,0.0180763514405,0.324398381792,0.220547732241}', 'lung: hc3');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead FROM lung WHERE inst IS NOT NULL', 'dead', 'inst', '{age,sex,ph.ecog}', 'binomial', missing => 'drop')$$,
	'{0.565741494037,0.0211200741462,-1.07809089879,0.748849084816}',
	'{1.35963190337,0.0181462207061,0.336805087175,0.225875503946}', 'lung: a key gives CR1');
SELECT pg_temp.inference_is($$journey.fit('SELECT *, status = 2 AS dead FROM lung WHERE inst IS NOT NULL', 'dead', 'inst', '{age,sex,ph.ecog}', 'binomial', missing => 'drop')$$,
	'{0.682543260737,0.260546958853,0.0052370198398,0.00409247454566}',
	'{-2.30283107582,-0.0171651049783,-1.7886875184,0.27229342794}',
	'{3.43431406389,0.0594052532707,-0.36749427917,1.22540474169}', 'lung: clustered, t with G - 1 degrees of freedom');

-- Precision weights and offset.
SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead, 0.5 + i % 3 AS w, 0.1 * (i % 7) AS p FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', weight => 'w')$$,
	'{0.245318721666,0.0259133829758,-1.19101914937,0.874383811884}',
	'{1.01341530094,0.014505661952,0.263321946338,0.199892772992}', 'lung: precision weights');
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance, null_deviance, df_residual]
	FROM journey.summary(journey.fit('SELECT *, status = 2 AS dead, 0.5 + i % 3 AS w, 0.1 * (i % 7) AS p FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', weight => 'w'))$$,
	'{360.211381176,410.716755619,223}', 'lung: deviances under weights');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, status = 2 AS dead, 0.5 + i % 3 AS w, 0.1 * (i % 7) AS p FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', offset_column => 'p')$$,
	'{0.391372101747,0.0198083736058,-1.09600421022,0.738463742719}',
	'{1.22645379355,0.0176611796346,0.320625100419,0.23754728909}', 'lung: offset');
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance] FROM journey.fit('SELECT *, status = 2 AS dead, 0.5 + i % 3 AS w, 0.1 * (i % 7) AS p FROM lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', missing => 'drop', offset_column => 'p')$$,
	'{243.9359914}', 'lung: deviance with offset');

-- LaLonde.
SELECT pg_temp.terms_are($$journey.fit('lalonde', 'treat', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', 'binomial')$$,
	'{1.17767386856,0.00469815135824,-0.071239023612,-0.224700466066,-0.852781806391,0.163617710803,-0.903505238978,-3.16095083599e-05,6.16120534409e-05}',
	'{1.05596598567,0.0143268326063,0.0717266059022,0.365532353722,0.506560367138,0.276924728882,0.313489430203,2.58395075447e-05,4.35807111193e-05}', 'LaLonde: estimates and errors');
SELECT pg_temp.inference_is($$journey.fit('lalonde', 'treat', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', 'binomial')$$,
	'{0.264740139463,0.742967063149,0.320611420799,0.538738894825,0.092283139792,0.554628831156,0.00395044931261,0.221215840521,0.157436511224}',
	'{-0.891981432243,-0.0233819245627,-0.211820587914,-0.941130714545,-1.84562188198,-0.379144784234,-1.51793323171,-8.22540125257e-05,-2.38045707735e-05}',
	'{3.24732916937,0.0327782272792,0.0693425406897,0.491729782414,0.140058269195,0.70638020584,-0.289077246246,1.9034995806e-05,0.000147028677655}', 'LaLonde: normal inference');
SELECT pg_temp.summary_is($$journey.fit('lalonde', 'treat', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', 'binomial')$$,
	'{445,436,587.216443999,604.200007721,-293.608222,605.216443999,642.099112539}',
	'ok', 'LaLonde: summary');

-- Telco churn.
SELECT pg_temp.terms_are($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial')$$,
	'{-1.6027094017,-0.0357287230166,0.0286174557532,-1.06246344157,-2.02261471685}',
	'{0.0896723612303,0.00204063868092,0.00134942293,0.100535672197,0.166138649144}', 'churn: estimates and errors');
SELECT pg_temp.inference_is($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial')$$,
	'{1.91598155114e-71,1.23190171678e-68,8.19818522371e-100,4.19232732914e-26,4.26254683424e-34}',
	'{-1.77846400012,-0.0397283013366,0.0259726354105,-1.25950973823,-2.34824048561}',
	'{-1.42695480328,-0.0317291446965,0.0312622760959,-0.865417144899,-1.69698894809}', 'churn: p values far below 1e-16 keep their digits');
SELECT pg_temp.summary_is($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial')$$,
	'{7043,7038,6145.87765858,8150.14589902,-3072.93882929,6155.87765858,6190.17660605}',
	'ok', 'churn: summary');
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial')$$,
	'{(intercept),tenure,monthly_charges,"contract=One year","contract=Two year"}', 'churn: terms column=level');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', 'household', '{tenure,monthly_charges,contract}', 'binomial')$$,
	'{-1.6027094017,-0.0357287230166,0.0286174557532,-1.06246344157,-2.02261471685}',
	'{0.0863658141116,0.00204523601226,0.00128297040372,0.100181541128,0.165098572336}', 'churn: 500 clusters');
SELECT pg_temp.inference_is($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', 'household', '{tenure,monthly_charges,contract}', 'binomial')$$,
	'{7.59323449376e-59,1.12944464489e-53,5.67799422001e-77,7.78622123298e-24,2.36876858524e-30}',
	'{-1.77239485506,-0.0397470583213,0.0260967660932,-1.25929305985,-2.34698873433}',
	'{-1.43302394834,-0.0317103877118,0.0311381454132,-0.865633823278,-1.69824069937}', 'churn: clustered inference');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL, '{tenure,total_charges}', 'binomial', missing => 'drop')$$,
	'{0.26647063229,-0.115728089253,0.000855208327941}',
	'{0.0452780139069,0.00492451690663,4.72838110721e-05}', 'churn: eleven rows dropped on request');
SELECT pg_temp.summary_is($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL, '{tenure,total_charges}', 'binomial', missing => 'drop')$$,
	'{7032,7029,6718.96624772,8143.35514649,-3359.48312386,6724.96624772,6745.54092704}',
	'ok', 'churn: summary without the dropped rows');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL, '{tenure,total_charges}', 'binomial')$$,
	'{22004}', 'total_charges', 'churn: a NULL feature is refused by name');

-- The same customers, two columns saying "No internet": one is aliased.
SELECT pg_temp.terms_are($$journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL,
	'{tenure,partner,internet_service,online_security,contract}', 'binomial')$$,
	'{-0.187727523548,-0.0290543659395,-0.0370974199121,1.12672742384,-1.19954165766,NULL,-0.496908053431,-0.798207041471,-1.60487318856}',
	'{0.0672210453019,0.00202090020048,0.0688800220068,0.0736168107967,0.119731978467,NULL,0.0823897313915,0.10280102828,0.169103437108}', 'churn: the later of two equal columns is NULL');
SELECT pg_temp.text_is($$SELECT status || ' ' || df_residual || ' ' || terms::text FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, i % 500 AS household FROM churn', 'churned', NULL,
	'{tenure,partner,internet_service,online_security,contract}', 'binomial')$$,
	'rank_deficient 7035 {(intercept),tenure,partner=true,"internet_service=Fiber optic",internet_service=No,'
	'"online_security=No internet service",online_security=Yes,"contract=One year","contract=Two year"}',
	'churn: rank_deficient, boolean and enum against their first level in byte order');
\else
SELECT skip('shared data absent', 28);
\endif
SELECT * FROM finish();
ROLLBACK;
