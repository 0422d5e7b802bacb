/*
 * model.c
 *		Names of what a fit can end in (see model.h).
 */
#include "model.h"

const char *
jrn_fit_status_name(jrn_fit_status status)
{
	switch (status)
	{
		case JRN_FIT_OK:
			return "ok";
		case JRN_FIT_RANK_DEFICIENT:
			return "rank_deficient";
		case JRN_FIT_SEPARATED:
			return "separated";
		case JRN_FIT_NOT_CONVERGED:
			return "not_converged";
		case JRN_FIT_ONE_CLASS:
			return "one_class";
		case JRN_FIT_TOO_FEW:
			return "too_few";
		case JRN_FIT_NO_OVERDISPERSION:
			return "no_overdispersion";
		case JRN_FIT_STATUSES:
			break;
	}
	return "?";
}

const char *
jrn_errors_name(jrn_errors errors)
{
	switch (errors)
	{
		case JRN_ERRORS_MODEL:
			return "model";
		case JRN_ERRORS_HC0:
			return "hc0";
		case JRN_ERRORS_HC1:
			return "hc1";
		case JRN_ERRORS_HC2:
			return "hc2";
		case JRN_ERRORS_HC3:
			return "hc3";
		case JRN_ERRORS_CLUSTER:
			return "cluster";
	}
	return "?";
}

/* By jrn_penalty. */
const char *
jrn_penalty_name(jrn_penalty penalty)
{
	static const char *const names[JRN_PENALTIES] = {"none", "ridge", "lasso", "elastic_net", "firth"};

	return names[penalty];
}
