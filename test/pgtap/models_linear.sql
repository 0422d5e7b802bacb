-- Least squares on public data against R's lm and sandwich, confirmed by numpy
-- (test/oracles/models.R, models.py): estimates, errors, intervals, weights.
BEGIN;
\ir lib/close.psql
SELECT plan(29);
\if :shared_here
\ir lib/data.psql

SELECT pg_temp.terms_are($$journey.fit('lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$, '{340.150678574,-0.854446247428,50.9286128017,-58.1112609149,1.15474616314}',
	'{112.857157521,1.60775630834,29.5767057224,20.8302637896,1.12287101298}', 'lung: estimates and errors');
SELECT pg_temp.inference_is($$journey.fit('lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$, '{0.00289878460588,0.595672281471,0.0865712927366,0.00576491338421,0.304962126424}',
	'{117.660166775,-4.02403275615,-7.37992994438,-99.1767648958,-1.05892066889}',
	'{562.641190374,2.31514026129,109.237155548,-17.045756934,3.36841299517}', 'lung: t with n - p degrees of freedom');
SELECT pg_temp.inference_is($$journey.fit('lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$, '{0.00289878460588,0.595672281471,0.0865712927366,0.00576491338421,0.304962126424}',
	'{153.68668619,-3.51080111777,2.06161356381,-92.5272805448,-0.70047522123}',
	'{526.614670959,1.80190862291,99.7956120395,-23.695241285,3.00996754751}', 'lung: 90 % intervals', 0.9);
SELECT pg_temp.summary_is($$journey.fit('lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$, '{213,208,9040327.68811,9580429.22066,-1437.08872884,2886.17745767,2906.34521067}',
	'ok', 'lung: summary');
SELECT pg_temp.numbers_are($$SELECT ARRAY[r_squared, dispersion] FROM journey.summary(journey.fit('lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop'))$$,
	'{0.0563755046992,43463.1138851}', 'lung: r_squared and dispersion');
SELECT pg_temp.holds($$SELECT converged AND family = 'gaussian' AND link = 'identity' AND penalty = 'none'
	FROM journey.fit('lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$, 'lung: converged, named family and link');
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$, '{(intercept),age,sex,ph.ecog,wt.loss}', 'lung: terms');

-- Robust and clustered errors.
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', errors => 'hc0')$$,
	'{340.639101207,-0.868887918638,51.5485709597,-58.909861579,1.14026838387}',
	'{111.645015749,1.58789686608,29.6259598534,20.3455927569,1.02767262976}', 'lung: hc0');
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', errors => 'hc1')$$,
	'{340.639101207,-0.868887918638,51.5485709597,-58.909861579,1.14026838387}',
	'{112.985340052,1.60695993618,29.9816263714,20.5898463159,1.04001007799}', 'lung: hc1');
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', errors => 'hc2')$$,
	'{340.639101207,-0.868887918638,51.5485709597,-58.909861579,1.14026838387}',
	'{113.444347139,1.61524868141,29.9803720147,20.6416762935,1.05112854619}', 'lung: hc2');
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', errors => 'hc3')$$,
	'{340.639101207,-0.868887918638,51.5485709597,-58.909861579,1.14026838387}',
	'{115.286928896,1.64329762284,30.3413639621,20.9438794393,1.0755452586}', 'lung: hc3');
SELECT pg_temp.terms_are($$journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', 'inst', '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$,
	'{340.639101207,-0.868887918638,51.5485709597,-58.909861579,1.14026838387}',
	'{77.3376667215,0.808011794858,22.7286311605,21.5723710327,0.784226711066}', 'lung: a key gives CR1');
SELECT pg_temp.inference_is($$journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', 'inst', '{age,sex,ph.ecog,wt.loss}', missing => 'drop')$$,
	'{0.000387367992252,0.297247949386,0.0366499718893,0.0142288321658,0.164158678412}',
	'{177.470887204,-2.5736437905,3.59535087448,-104.423586035,-0.514305347684}',
	'{503.807315209,0.835867953227,99.5017910449,-13.3961371234,2.79484211543}', 'lung: t with G - 1 degrees of freedom');
SELECT pg_temp.numbers_are($$SELECT ARRAY[n, n_groups] FROM journey.summary(journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', 'inst', '{age,sex,ph.ecog,wt.loss}', missing => 'drop'))$$,
	'{212,18}', 'lung: rows and groups');
SELECT pg_temp.numbers_are($$SELECT (journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', 'inst', '{age,sex,ph.ecog,wt.loss}', missing => 'drop', errors => 'model')).covariance$$,
	(SELECT (journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop')).covariance), 'lung: errors => model ignores the key', 1e-12);
SELECT pg_temp.holds($$SELECT bool_and(pg_temp.near(sqrt(m.covariance[o * (o + 1) / 2]), c.std_error, 1e-12))
	FROM journey.fit('SELECT * FROM lung WHERE inst IS NOT NULL', 'time', 'inst', '{age,sex,ph.ecog,wt.loss}', missing => 'drop') m, journey.coefficients(m) WITH ORDINALITY
		c(term, estimate, std_error, statistic, p_value, conf_low, conf_high, o)$$,
	'lung: covariance is the packed lower triangle by rows');

-- Precision weights and offset.
SELECT pg_temp.terms_are($$journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', weight => 'w')$$,
	'{330.928921158,-1.40593611364,95.572254145,-71.5048315845,0.766300464203}',
	'{111.916362418,1.56606387207,29.2115721268,20.50674044,1.04827983512}', 'lung: precision weights');
SELECT pg_temp.inference_is($$journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', weight => 'w')$$,
	'{0.00346630547926,0.370356045629,0.00125137993733,0.000596102953649,0.465597209664}',
	'{110.293125432,-4.49332870849,37.9835484244,-111.932530421,-1.30031473459}',
	'{551.564716885,1.68145648121,153.160959866,-31.0771327477,2.83291566299}', 'lung: inference under weights');
SELECT pg_temp.summary_is($$journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', weight => 'w')$$,
	'{213,208,12966086.8631,14614601.9296,-1452.88758231,2917.77516462,2937.94291761}',
	'ok', 'lung: summary under weights');
SELECT pg_temp.numbers_are($$SELECT ARRAY[r_squared, dispersion] FROM journey.summary(journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', weight => 'w'))$$,
	'{0.112799176767,62336.9560728}', 'lung: weighted r_squared and dispersion');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', weight => 'w', errors => 'hc1')$$,
	'{330.928921158,-1.40593611364,95.572254145,-71.5048315845,0.766300464203}',
	'{121.880176273,1.7406042175,33.5318657772,22.099197153,1.05535014392}', 'lung: hc1 under weights');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', weight => 'z')$$,
	'{323.525195198,-1.62799075977,118.76108266,-79.251613424,0.553344709258}',
	'{135.889936538,1.88523084397,35.4168479702,24.8263582162,1.23785165252}', 'lung: rows of weight zero do not count');
SELECT pg_temp.numbers_are($$SELECT ARRAY[n, df_residual] FROM journey.summary(journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', weight => 'z'))$$,
	'{143,138}', 'lung: n without rows of weight zero');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, 0.5 + i % 3 AS w, i % 3 AS z, 5 * (i % 7) AS o FROM lung', 'time', NULL, '{age,sex,ph.ecog,wt.loss}', missing => 'drop', offset_column => 'o')$$,
	'{330.81091429,-0.917336359178,50.1065009472,-58.2715371383,1.09892196592}',
	'{112.511100151,1.60282639576,29.4860137607,20.7663913116,1.11942791908}', 'lung: offset');

-- LaLonde, the target as numeric.
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75,treat}')$$,
	'{785.068153383,55.316667329,395.73387992,-2159.52230747,164.030546598,-138.723630533,-70.6818652272,0.0821414534939,0.0527637293701,1676.34321635}',
	'{3374.96957974,45.2839544399,227.414854611,1169.03613707,1549.45743396,879.728124326,1004.38734618,0.0774216365356,0.135475837866,638.682182993}', 'LaLonde: estimates and errors');
SELECT pg_temp.summary_is($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75,treat}')$$,
	'{445,435,18455065617.6,19525656669.6,-4534.19567169,9090.39134338,9135.47016048}',
	'ok', 'LaLonde: summary');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75,treat}', errors => 'hc2')$$,
	'{785.068153383,55.316667329,395.73387992,-2159.52230747,164.030546598,-138.723630533,-70.6818652272,0.0821414534939,0.0527637293701,1676.34321635}',
	'{3306.39709215,41.4087801078,198.276594261,1020.84977595,1381.73139982,878.75261914,1025.59472314,0.110732490581,0.127746547814,677.049284029}', 'LaLonde: hc2');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75,treat}', errors => 'hc3')$$,
	'{785.068153383,55.316667329,395.73387992,-2159.52230747,164.030546598,-138.723630533,-70.6818652272,0.0821414534939,0.0527637293701,1676.34321635}',
	'{3354.57297269,42.015305861,201.592464358,1041.9329553,1412.94335918,894.575740469,1036.27480302,0.116155603405,0.133115767343,685.302621129}', 'LaLonde: hc3');

-- Telco churn: labels, an enum and a boolean among the features.
SELECT pg_temp.terms_are($$journey.fit('churn', 'monthly_charges', NULL, '{contract,partner,internet_service,tenure}')$$,
	'{49.0100814318,4.62386623599,6.30324891636,0.785562357082,34.4250495748,-37.6234151675,0.182484010351}',
	'{0.288021563272,0.387714070495,0.459603711429,0.277973592422,0.300802174489,0.362302277155,0.00772055832043}', 'churn: labels, boolean, enum');
\else
SELECT skip('shared data absent', 29);
\endif
SELECT * FROM finish();
ROLLBACK;
