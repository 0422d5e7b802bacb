-- Poisson, negative binomial and proportional odds, Firth, lasso and elastic net
-- of generalised linear models against R: glm, MASS, brglm2, glmnet, sandwich
-- (test/oracles/glm.R).
BEGIN;
\ir lib/close.psql
SET LOCAL jit = off;
SELECT plan(56);
\if :shared_here
\ir lib/data.psql
ALTER TABLE lung ADD dead boolean, ADD w float8, ADD g integer;
UPDATE lung SET dead = status = 2, w = 0.5 + i % 3, g = i % 30;
CREATE TEMP TABLE rossi (i bigint GENERATED ALWAYS AS IDENTITY, week integer, arrest integer, fin integer, age integer,
	race integer, wexp integer, mar integer, paro integer, prio integer,
	w float8, o float8, g integer);
\copy rossi (week, arrest, fin, age, race, wexp, mar, paro, prio) FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/survival/lifelines_rossi.csv' CSV HEADER
UPDATE rossi SET w = 0.5 + i % 3, o = ln(week), g = i % 40;
-- Histology of endometrial cancer (Heinze and Schemper 2002), as R's brglm2 has it.
CREATE TEMP TABLE endometrial (nv integer, pi integer, eh float8, hg integer);
INSERT INTO endometrial VALUES
	(0,13,1.64,0), (0,16,2.26,0), (0,8,3.14,0), (0,34,2.68,0), (0,20,1.28,0), (0,5,2.31,0), (0,17,1.8,0), (0,10,1.68,0), (0,26,1.56,0),
	(0,17,2.31,0), (0,8,2.01,0), (0,7,1.89,0), (0,20,3.15,0), (0,10,1.23,0), (0,18,1.27,0), (0,16,1.76,0), (0,18,2,0), (0,8,2.64,1),
	(0,29,0.88,1), (0,12,1.27,1), (0,20,1.37,1), (1,38,0.97,1), (1,22,1.14,1), (1,7,0.88,1), (1,25,0.91,1), (1,15,0.58,1), (0,7,0.97,1),
	(0,28,1.5,0), (0,11,1.33,0), (0,19,2.37,0), (0,10,1.82,0), (0,10,3.13,0), (0,18,1.31,0), (0,14,1.92,0), (0,21,1.64,0), (0,11,2.01,0),
	(0,17,1.88,0), (0,25,1.93,0), (0,16,2.11,0), (0,19,1.29,0), (0,15,1.72,0), (0,33,0.75,0), (0,24,1.92,0), (0,48,1.84,1), (0,12,1.11,1),
	(0,19,1.61,1), (0,2,1.18,1), (1,22,1.44,1), (1,40,1.18,1), (1,5,0.93,1), (1,0,1.17,1), (0,21,1.19,1), (0,15,1.06,1), (0,29,2.02,0),
	(0,15,2.29,0), (0,12,2.33,0), (0,3,2.9,0), (0,20,1.7,0), (0,23,1.41,0), (0,12,2.25,0), (0,22,1.54,0), (0,42,1.97,0), (0,15,1.75,0),
	(0,13,2.16,0), (0,14,2.57,0), (0,19,1.37,0), (0,12,3.61,0), (0,13,2.04,0), (0,10,2.17,0), (0,12,1.69,1), (1,49,0.27,1), (0,6,1.84,1),
	(0,5,1.3,1), (0,17,0.96,1), (1,11,1.01,1), (1,21,0.98,1), (0,5,0.35,1), (1,19,1.02,1), (0,33,0.85,1);

-- Poisson.
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson')$$,
	'{1.7655795922,0.017194662573,-0.00389119054888,-0.250750783775,-0.50510120298,0.145058169924,-0.220360341708}',
	'{0.141059293401,0.0560528738496,0.00523255284611,0.0783528952657,0.0624582476632,0.0923941837953,0.0566490884483}', 'poisson: estimates and errors');
SELECT pg_temp.inference_is($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson')$$,
	'{6.05919122908e-36,0.759027645604,0.457087942221,0.00137296691395,6.11413865506e-16,0.116416870424,0.000100277861141}',
	'{1.48910845745,-0.0926669514021,-0.0141468056745,-0.40431963658,-0.627517118937,-0.0360311026962,-0.331390514823}',
	'{2.04205072695,0.127056276548,0.0063644245767,-0.0971819309698,-0.382685287022,0.326147442543,-0.109330168592}', 'poisson: normal inference');
SELECT pg_temp.summary_is($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson')$$,
	'{432,425,899.223757008,1008.5373652,-1004.5546882,2023.10937639,2051.58835551}', 'ok', 'poisson: summary');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', errors => 'hc0')$$,
	'{1.7655795922,0.017194662573,-0.00389119054888,-0.250750783775,-0.50510120298,0.145058169924,-0.220360341708}',
	'{0.227490015929,0.0897273380633,0.00803614115303,0.116822993314,0.0997178056141,0.131810432404,0.0935664201348}', 'poisson: hc0');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', errors => 'hc1')$$,
	'{1.7655795922,0.017194662573,-0.00389119054888,-0.250750783775,-0.50510120298,0.145058169924,-0.220360341708}',
	'{0.229355811807,0.0904632512277,0.00810205085449,0.117781135844,0.100535657202,0.132891496821,0.094333820147}', 'poisson: hc1');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', errors => 'hc2')$$,
	'{1.7655795922,0.017194662573,-0.00389119054888,-0.250750783775,-0.50510120298,0.145058169924,-0.220360341708}',
	'{0.230611712707,0.0905229587509,0.00812499922596,0.118787256492,0.100604583604,0.134182330574,0.0944070729122}', 'poisson: hc2');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', errors => 'hc3')$$,
	'{1.7655795922,0.017194662573,-0.00389119054888,-0.250750783775,-0.50510120298,0.145058169924,-0.220360341708}',
	'{0.233805127177,0.0913312067266,0.00821527840452,0.120798813472,0.101506825366,0.13662575931,0.0952621431588}', 'poisson: hc3');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', 'g', '{fin,age,race,wexp,mar,paro}', 'poisson')$$,
	'{1.7655795922,0.017194662573,-0.00389119054888,-0.250750783775,-0.50510120298,0.145058169924,-0.220360341708}',
	'{0.20819328925,0.0800967729844,0.00722765881316,0.111305120997,0.111397948066,0.12021553119,0.102706688484}', 'poisson: a key gives CR1');
SELECT pg_temp.inference_is($$journey.fit('rossi', 'prio', 'g', '{fin,age,race,wexp,mar,paro}', 'poisson')$$,
	'{2.18930652755e-10,0.83114039291,0.593377880547,0.0299710273175,5.37804939552e-05,0.234835140673,0.0381937540467}',
	'{1.34446891642,-0.144816352867,-0.0185105104034,-0.47588664137,-0.730424821043,-0.098100693461,-0.428104227932}',
	'{2.18669026798,0.179205678013,0.0107281293056,-0.0256149261802,-0.279777584916,0.388217033308,-0.0126164554835}', 'poisson: clustered, t with G - 1 degrees of freedom');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', weight => 'w')$$,
	'{1.81280476104,-0.0472617178004,-0.0023755777536,-0.261075894647,-0.634016436724,0.271520828643,-0.197012868684}',
	'{0.11141399522,0.0454216967675,0.00429270904237,0.0605353231499,0.0512402587243,0.0735158946241,0.0457651855249}', 'poisson: weights');
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance, null_deviance, log_likelihood] FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', weight => 'w')$$,
	'{1291.72459114,1533.27421288,-1484.65351844}', 'poisson: deviances and likelihood under weights', 1e-9);
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', offset_column => 'o')$$,
	'{-1.96304283331,-0.0438260117522,-0.00584520646565,-0.197065294154,-0.588440798693,0.105027252757,-0.238368860824}',
	'{0.142981339367,0.0562416268639,0.00530532365173,0.078412556461,0.0627772839686,0.0926265507623,0.0567828232761}', 'poisson: offset');
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance, null_deviance, log_likelihood] FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', offset_column => 'o')$$,
	'{1251.20103841,1394.51940405,-1180.5433289}', 'poisson: the null model has the offset too', 1e-9);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, age + 2 * fin AS x3 FROM rossi', 'prio', NULL, '{fin,age,x3,race}', 'poisson')$$,
	'{1.71412535277,0.0214574717065,-0.0172995406061,NULL,-0.2448526177}', 'poisson: the later of dependent columns is NULL');

-- Negative binomial: theta in dispersion.
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'negative_binomial')$$,
	'{1.81853183921,0.0214327212469,-0.00503370934299,-0.275862503484,-0.507971710181,0.129375761822,-0.224319972097}',
	'{0.207712782832,0.0813279341884,0.00737280808826,0.118572836482,0.0893771627975,0.131700158504,0.0830939723145}', 'negative binomial: estimates and errors');
SELECT pg_temp.inference_is($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'negative_binomial')$$,
	'{2.04047511645e-18,0.792138590644,0.494771290739,0.0199906344784,1.31995048092e-08,0.325927034328,0.00694241831291}',
	'{1.41142226573,-0.137967100699,-0.0194841476609,-0.508260992534,-0.683147730304,-0.128751805604,-0.387181165166}',
	'{2.22564141269,0.180832543193,0.00941672897492,-0.0434640144341,-0.332795690058,0.387503329248,-0.0614587790287}', 'negative binomial: normal inference');
SELECT pg_temp.summary_is($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'negative_binomial')$$,
	'{432,425,438.808605605,492.424582756,-916.032745486,1848.06549097,1880.61289568}', 'ok', 'negative binomial: summary');
SELECT pg_temp.numbers_are($$SELECT ARRAY[dispersion] FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'negative_binomial')$$,
	'{2.80517139804}', 'negative binomial: theta');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'negative_binomial', errors => 'hc0')$$,
	'{1.81853183921,0.0214327212469,-0.00503370934299,-0.275862503484,-0.507971710181,0.129375761822,-0.224319972097}',
	'{0.228151334895,0.0868403598105,0.00790688451006,0.117133892662,0.0988395355507,0.130863468041,0.0922246526849}', 'negative binomial: hc0');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', 'g', '{fin,age,race,wexp,mar,paro}', 'negative_binomial')$$,
	'{1.81853183921,0.0214327212469,-0.00503370934299,-0.275862503484,-0.507971710181,0.129375761822,-0.224319972097}',
	'{0.219966015998,0.0779489558863,0.00726233289184,0.120142054355,0.110331024062,0.115694486778,0.102409763493}', 'negative binomial: clustered');
SELECT pg_temp.terms_are($$journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'negative_binomial', weight => 'w', offset_column => 'o')$$,
	'{-1.61959343909,-0.224430885718,-0.00438318690043,-0.167209528643,-0.921019875818,0.174246763685,-0.235592348133}',
	'{0.195929967999,0.0773797083743,0.00709801228873,0.110047571186,0.0847598902731,0.125510184749,0.0790051972996}', 'negative binomial: weights and offset');
SELECT pg_temp.numbers_are($$SELECT ARRAY[dispersion, deviance, null_deviance] FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'negative_binomial', weight => 'w', offset_column => 'o')$$,
	'{1.64251526201,728.082022464,889.725544403}', 'negative binomial: theta and deviances with them');

-- Proportional odds; estimates are thresholds, then slopes.
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE "ph.ecog" < 3 AND "pat.karno" IS NOT NULL', 'ph.ecog', NULL, '{age,sex,pat.karno}', 'ordinal')$$,
	'{-5.34232659465,-2.40738323256,0.0377228294127,0.14069079754,-0.0821687123952}',
	'{1.41856469128,1.36568138611,0.0152040109778,0.276933529775,0.0113517559039}', 'ordinal: thresholds, slopes and errors');
SELECT pg_temp.summary_is($$journey.fit('SELECT * FROM lung WHERE "ph.ecog" < 3 AND "pat.karno" IS NOT NULL', 'ph.ecog', NULL, '{age,sex,pat.karno}', 'ordinal')$$,
	'{223,218,385.377210295,459.809002249,-192.688605147,395.377210295,412.413069152}', 'ok', 'ordinal: summary');
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE "ph.ecog" < 3 AND "pat.karno" IS NOT NULL', 'ph.ecog', NULL, '{age,sex,pat.karno}', 'ordinal', errors => 'hc0')$$,
	'{-5.34232659465,-2.40738323256,0.0377228294127,0.14069079754,-0.0821687123952}',
	'{1.36949416175,1.31207463682,0.0149212360846,0.274056675708,0.0113603120025}', 'ordinal: hc0');
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE "ph.ecog" < 3 AND "pat.karno" IS NOT NULL', 'ph.ecog', 'g', '{age,sex,pat.karno}', 'ordinal')$$,
	'{-5.34232659465,-2.40738323256,0.0377228294127,0.14069079754,-0.0821687123952}',
	'{1.60949187853,1.52920484371,0.01540474888,0.305330634846,0.014478313638}', 'ordinal: clustered');
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE "ph.ecog" < 3 AND "pat.karno" IS NOT NULL', 'ph.ecog', NULL, '{age,sex,pat.karno}', 'ordinal', weight => 'w')$$,
	'{-4.52094211893,-1.60403252971,0.0371698306294,0.197800581,-0.0730155053151}',
	'{1.12515782139,1.09123769488,0.0123077732367,0.227527346833,0.0088838557207}', 'ordinal: weights');
SELECT pg_temp.summary_is($$journey.fit('SELECT * FROM lung WHERE "ph.ecog" < 3 AND "pat.karno" IS NOT NULL', 'ph.ecog', NULL, '{age,sex,pat.karno}', 'ordinal', weight => 'w')$$,
	'{223,218,590.013169085,680.650020873,-295.006584543,600.013169085,617.049027943}', 'ok', 'ordinal: summary with weights');
SELECT pg_temp.numbers_are($$SELECT array_agg(journey.predict(m, l) ORDER BY i) FROM lung AS l, journey.fit('SELECT * FROM lung WHERE "ph.ecog" < 3 AND "pat.karno" IS NOT NULL', 'ph.ecog', NULL, '{age,sex,pat.karno}', 'ordinal') AS m WHERE i <= 4$$,
	'{0.567691680698,0.750311244082,0.610871641028,1.37950546951}', 'ordinal: the response is the mean level', 1e-9);

-- Firth.
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance, df_residual, null_deviance] FROM journey.fit('endometrial', 'hg', NULL, NULL, 'binomial')$$,
	'{55.3932606071,75,104.902528575}', 'endometrial: deviance of the plain fit', 1e-7);
SELECT pg_temp.text_is($$SELECT status || ' ' || coefficients[2] FROM journey.fit('endometrial', 'hg', NULL, NULL, 'binomial')$$, 'separated Infinity', 'endometrial: the plain fit is separated on NV');
SELECT pg_temp.terms_are($$journey.fit('endometrial', 'hg', NULL, NULL, 'binomial', 'firth')$$,
	'{3.77455971365,2.9292733532,-0.0347517598704,-2.60416392529}',
	'{1.48869166344,1.55076372945,0.0395781473478,0.776017642502}', 'endometrial: Firth is finite');
SELECT pg_temp.inference_is($$journey.fit('endometrial', 'hg', NULL, NULL, 'binomial', 'firth')$$,
	'{0.0112290804635,0.0589021404208,0.379914287405,0.000791343294981}',
	'{0.856777669228,-0.110167705062,-0.112323503247,-4.12513055596}',
	'{6.69234175807,5.96871441146,0.042819983506,-1.08319729462}', 'endometrial: Wald inference of it');
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance] FROM journey.fit('endometrial', 'hg', NULL, NULL, 'binomial', 'firth')$$,
	'{56.575394651}', 'endometrial: deviance without the penalty', 1e-9);
SELECT pg_temp.text_is($$SELECT concat_ws(' ', s.status, s.aic, s.converged) FROM journey.fit('endometrial', 'hg', NULL, NULL, 'binomial', 'firth') AS m, journey.summary(m) AS s$$, 'ok t', 'endometrial: ok, and no AIC of a likelihood that is not at its maximum');
SELECT pg_temp.terms_are($$journey.fit('lung', 'dead', NULL, '{age,sex,ph.ecog}', 'binomial', 'firth', missing => 'drop')$$,
	'{0.557142393854,0.0207680076286,-1.06072354167,0.734235495103}',
	'{1.21631947228,0.0175652855319,0.317190319826,0.235582623223}', 'lung: Firth');

-- glmnet with fixed lambdas.
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, partner::int AS p, 0.5 + i % 3 AS w FROM churn WHERE total_charges IS NOT NULL', 'churned', NULL, '{tenure,monthly_charges,total_charges,senior_citizen,p,dependents,paperless_billing}', 'binomial', 'lasso', 0.1)$$,
	'{-0.643480736137,-0.0121374494889,0,0,0,0,0,0}', 'binomial lasso, lambda 0.1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, partner::int AS p, 0.5 + i % 3 AS w FROM churn WHERE total_charges IS NOT NULL', 'churned', NULL, '{tenure,monthly_charges,total_charges,senior_citizen,p,dependents,paperless_billing}', 'binomial', 'lasso', 0.05)$$,
	'{-1.07757325102,-0.0286251854539,0.0119663881598,0,0.0356289951921,0,0,0.1506941628}', 'binomial lasso, lambda 0.05', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, partner::int AS p, 0.5 + i % 3 AS w FROM churn WHERE total_charges IS NOT NULL', 'churned', NULL, '{tenure,monthly_charges,total_charges,senior_citizen,p,dependents,paperless_billing}', 'binomial', 'lasso', 0.01)$$,
	'{-1.64578056783,-0.0470082943968,0.023520771626,0,0.412937429466,0,-0.211688243792,0.457994355027}', 'binomial lasso, lambda 0.01', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, partner::int AS p, 0.5 + i % 3 AS w FROM churn WHERE total_charges IS NOT NULL', 'churned', NULL, '{tenure,monthly_charges,total_charges,senior_citizen,p,dependents,paperless_billing}', 'binomial', 'lasso', 0.001)$$,
	'{-1.74871787592,-0.0575548773701,0.0260003648704,5.82410034903e-05,0.508859779835,0,-0.305869050162,0.550246125221}', 'binomial lasso, lambda 0.001', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, partner::int AS p, 0.5 + i % 3 AS w FROM churn WHERE total_charges IS NOT NULL', 'churned', NULL, '{tenure,monthly_charges,total_charges,senior_citizen,p,dependents,paperless_billing}', 'binomial', 'elastic_net', 0.1, 0.3)$$,
	'{-1.15828903897,-0.0210106945962,0.0098139717314,-2.9745327681e-05,0.213460527606,0,-0.129845731141,0.285103282134}', 'binomial elastic net, lambda 0.1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, partner::int AS p, 0.5 + i % 3 AS w FROM churn WHERE total_charges IS NOT NULL', 'churned', NULL, '{tenure,monthly_charges,total_charges,senior_citizen,p,dependents,paperless_billing}', 'binomial', 'elastic_net', 0.01, 0.3)$$,
	'{-1.7309446846,-0.0438537219332,0.0241990984689,-3.82199440298e-05,0.474122992663,0,-0.301504847909,0.523173462163}', 'binomial elastic net, lambda 0.01', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT *, churn = ''Yes'' AS churned, partner::int AS p, 0.5 + i % 3 AS w FROM churn WHERE total_charges IS NOT NULL', 'churned', NULL, '{tenure,monthly_charges,total_charges,senior_citizen,p,dependents,paperless_billing}', 'binomial', 'lasso', 0.01, weight => 'w')$$,
	'{-1.59855147371,-0.0464639608172,0.0224737946101,0,0.356548567215,0,-0.220483184013,0.486102579125}', 'binomial lasso with weights', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'lasso', 1)$$,
	'{1.0931964147,0,0,0,0,0,0,0}', 'poisson lasso, lambda 1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'lasso', 0.3)$$,
	'{1.41586500383,0,0,0,-0.285201209968,0,-0.0270126380354,-0.00338566418747}', 'poisson lasso, lambda 0.3', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'lasso', 0.1)$$,
	'{1.87549109051,0,0,-0.187811607309,-0.39710232871,0,-0.14628126598,-0.00724910306263}', 'poisson lasso, lambda 0.1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'lasso', 0.01)$$,
	'{2.11523854728,0.0357082888843,-0.0024467000785,-0.267513726177,-0.460384722357,0.150062308256,-0.206741895791,-0.00914740480808}', 'poisson lasso, lambda 0.01', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'elastic_net', 1, 0.5)$$,
	'{1.17391890122,0,0,0,-0.145759710105,0,0,0}', 'poisson elastic_net, lambda 1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'elastic_net', 0.3, 0.5)$$,
	'{1.73892990917,0,0,-0.131873718899,-0.352350945425,0,-0.11273911026,-0.00616739518816}', 'poisson elastic_net, lambda 0.3', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'elastic_net', 0.1, 0.5)$$,
	'{1.98336109278,0.000409462517636,-0.000383643887524,-0.22783230741,-0.42845488261,0.0751640567237,-0.176493883709,-0.00817486770843}', 'poisson elastic_net, lambda 0.1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'elastic_net', 0.01, 0.5)$$,
	'{2.13018459573,0.0399402119715,-0.00275502265947,-0.271518402127,-0.462406185038,0.158050577499,-0.209951264765,-0.00924909646679}', 'poisson elastic_net, lambda 0.01', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'ridge', 1)$$,
	'{1.99412530086,0.0253477088595,-0.00467394608296,-0.209817507484,-0.34090698994,0.0795204470915,-0.1676510096,-0.00775403279645}', 'poisson ridge, lambda 1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'ridge', 0.3)$$,
	'{2.09991010752,0.0369916416585,-0.00386896018601,-0.252618247705,-0.417970581872,0.131477993025,-0.197622220734,-0.00882905424947}', 'poisson ridge, lambda 0.3', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'ridge', 0.1)$$,
	'{2.13123732346,0.0417355531218,-0.00336188717858,-0.267993779496,-0.448669756808,0.154092950362,-0.208102150797,-0.00918349827828}', 'poisson ridge, lambda 0.1', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro,week}', 'poisson', 'ridge', 0.01)$$,
	'{2.14506248527,0.0441562517573,-0.00306276397675,-0.275501027146,-0.464421557704,0.165980959078,-0.213147266314,-0.00935029594452}', 'poisson ridge, lambda 0.01', 1e-6);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('rossi', 'prio', NULL, '{fin,age,race,wexp,mar,paro}', 'poisson', 'lasso', 0.1, offset_column => 'o')$$,
	'{-2.23208335267,0,-0.000619685167394,-0.122342627714,-0.527781738458,0,-0.165917275366}', 'poisson lasso with an offset', 1e-6);
\else
SELECT skip('shared data absent', 56);
\endif
SELECT * FROM finish();
ROLLBACK;
