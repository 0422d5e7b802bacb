/*
 * test_glm.c
 *		Families and penalties on a part of the rows (glm_part.h): the same as
 *		a design without the others; maxima by finite differences of the
 *		documented objective; the same bits whatever the order of rows and the
 *		memory; every refusal of memory and every wish to stop.
 */
#include "tap.h"

#include "../../src/core/gamma.h"
#include "../../src/core/hash.h"
#include "../../src/models/fit.h"
#include "../../src/models/glm_part.h"

#define ROWS 420
#define P 4						/* x0 wide, x1 narrow and far away, x2 0/1, x3 = x0 + 2 x2 in some tests */
#define MOST (P + 4)			/* terms */

typedef struct glm_data
{
	double		x[ROWS][P];
	double		y[ROWS];
	double		weight[ROWS];
	double		offset[ROWS];
	int			order[ROWS];
	int			rows;
	bool		weighted;
	bool		has_offset;
	size_t		limit;
	jrn_fit_request request;

	/* results */
	jrn_model	model;
	double		coefficients[MOST];
	double		errors[MOST];
	double		theta[MOST];
	double		beta[MOST];
	jrn_fit_status status;
	int			skip;			/* cell left out of a part; -1: none */
	int			in_part[ROWS];
} glm_data;

static double
draw(uint64_t i, uint64_t stream)
{
	return (double) (jrn_hash_u64(i, stream) >> 11) / 9007199254740992.0;
}

/* A Poisson number by inversion. */
static double
draw_count(double mu, double u)
{
	double		p = exp(-mu);
	double		sum = p;
	double		k = 0.0;

	while (u > sum && k < 200.0)
	{
		k += 1.0;
		p *= mu / k;
		sum += p;
	}
	return k;
}

static void
make(glm_data *d, jrn_family family, jrn_penalty penalty, double lambda, double alpha)
{
	int			i;

	memset(d, 0, sizeof(*d));
	d->rows = ROWS;
	d->limit = (size_t) 1 << 30;
	d->skip = -1;
	d->request.family = family;
	d->request.penalty = penalty;
	d->request.lambda = lambda;
	d->request.alpha = alpha;
	for (i = 0; i < ROWS; i++)
	{
		uint64_t	u = (uint64_t) i;
		double		eta;

		d->x[i][0] = draw(u, 1) * 4.0 - 2.0;
		d->x[i][1] = 1e6 + draw(u, 2);
		d->x[i][2] = (double) (i % 3 == 0);
		d->x[i][3] = draw(u, 5) * draw(u, 6);
		d->weight[i] = 0.5 + (double) (i % 4);
		d->offset[i] = 0.3 * (double) (i % 5);
		eta = 0.5 * d->x[i][0] - 0.6 * (d->x[i][1] - 1e6) + 0.4 * d->x[i][2];
		switch (family)
		{
			case JRN_BINOMIAL:
				d->y[i] = draw(u, 7) < 1.0 / (1.0 + exp(-eta)) ? 1.0 : 0.0;
				break;
			case JRN_ORDINAL:
				eta += log(1.0 / draw(u, 7) - 1.0);
				d->y[i] = eta < -1.0 ? 1.0 : eta < 0.5 ? 2.0 : eta < 2.0 ? 4.0 : 7.0;
				break;
			case JRN_NEGATIVE_BINOMIAL:
				eta += log(-log(draw(u, 9)));	/* exponential mixing: shape 1 */
				d->y[i] = draw_count(exp(eta), draw(u, 7));
				break;
			default:
				d->y[i] = draw_count(exp(eta), draw(u, 7));
				break;
		}
		d->order[i] = i;
	}
}

static jrn_status
fill(jrn_design *design, const jrn_env *env, const jrn_file *files, const glm_data *d)
{
	static const bool no_label[P] = {false};
	int			i;

	memset(design, 0, sizeof(*design));
	design->feature_count = P;
	design->is_label = no_label;
	design->has_weight = d->weighted;
	design->has_offset = d->has_offset;
	design->has_number = true;
	JRN_TRY(jrn_design_begin(design, env, &files[0], &files[1], d->limit));
	for (i = 0; i < d->rows; i++)
	{
		int			r = d->order[i];
		jrn_row		row;

		if (d->skip >= 0 && !d->in_part[r])
			continue;
		memset(&row, 0, sizeof(row));
		row.number = r + 1;
		row.features = d->x[r];
		row.y = d->y[r];
		row.weight = d->weight[r];
		row.offset = d->offset[r];
		JRN_TRY(jrn_design_append(design, &row));
	}
	return JRN_OK;
}

static jrn_status
run_fit(const jrn_env *env, void *arg)
{
	glm_data   *d = arg;
	jrn_file	files[2] = {host_file(), host_file()};
	jrn_design	design;
	jrn_status	status = fill(&design, env, files, d);
	int			j;

	if (status == JRN_OK)
		status = jrn_fit_design(env, &design, &d->request, &d->model);
	fclose(files[0].host);
	fclose(files[1].host);
	for (j = 0; status == JRN_OK && j < d->model.terms && j < MOST; j++)
	{
		d->coefficients[j] = d->model.coefficients[j];
		d->errors[j] = d->model.covariance == NULL ? NAN :
			sqrt(d->model.covariance[jrn_packed((size_t) j, (size_t) j)]);
	}
	d->status = d->model.status;
	return status;
}

/* Fit all rows but those of cells skip mod 3, and say which rows that are. */
static jrn_status
run_part(const jrn_env *env, void *arg)
{
	glm_data   *d = arg;
	jrn_file	files[2] = {host_file(), host_file()};
	int			skip = d->skip;
	int32_t		fold[JRN_CELLS];
	jrn_engine	engine;
	jrn_moments *by_cell = NULL;
	jrn_moments *total = NULL;
	jrn_moments *train = NULL;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	jrn_design	design;
	jrn_part	part;
	jrn_glm_fit fit;
	jrn_status	status;
	size_t		r;
	int			c;

	d->skip = -1;
	status = fill(&design, env, files, d);
	d->skip = skip;
	if (status == JRN_OK)
		status = jrn_design_finish(&design);
	if (status == JRN_OK)
		status = jrn_engine_begin(&engine, env, &design, &design.tiles, d->request.family);
	if (status == JRN_OK)
		status = jrn_moments_alloc(env, JRN_CELLS, engine.q, &by_cell);
	if (status == JRN_OK)
		status = jrn_moments_alloc(env, 1, engine.q, &total);
	if (status == JRN_OK)
		status = jrn_moments_alloc(env, 1, engine.q, &train);
	if (status == JRN_OK)
		status = jrn_engine_moments(&engine, JRN_CELLS, by_cell);
	for (c = 0; status == JRN_OK && c < JRN_CELLS; c++)
	{
		fold[c] = c % 3;
		jrn_moments_merge(total, &by_cell[c]);
		if (fold[c] != skip)
			jrn_moments_merge(train, &by_cell[c]);
	}
	part.fold_of_cell = fold;
	part.excluded = skip;
	if (status == JRN_OK)
		status = jrn_engine_standardise(&engine, total);
	if (status == JRN_OK)
		status = jrn_glm_fit_alloc(&engine, &fit);
	if (status == JRN_OK)
		status = jrn_glm_fit_part(&engine, &part, train, &d->request, &fit);
	if (status == JRN_OK)
	{
		d->status = fit.status;
		memcpy(d->theta, fit.newton.theta, engine.m * sizeof(double));
		jrn_engine_outside(&engine, fit.newton.theta, d->beta);
		jrn_tiles_open(&design, &design.tiles, &cursor);
		for (;;)
		{
			status = jrn_tiles_next(&cursor, &tile);
			if (status != JRN_OK || tile.rows == 0)
				break;
			for (r = 0; r < tile.rows; r++)
				d->in_part[tile.number[r] - 1] = fold[tile.cell] != skip;
		}
		jrn_tiles_close(&cursor);
	}
	fclose(files[0].host);
	fclose(files[1].host);
	return status;
}

static const char *
family_name(jrn_family family)
{
	return family == JRN_BINOMIAL ? "binomial" : family == JRN_POISSON ? "poisson" :
		family == JRN_ORDINAL ? "ordinal" : "negative binomial";
}

static const jrn_family families[] = {JRN_BINOMIAL, JRN_POISSON, JRN_NEGATIVE_BINOMIAL, JRN_ORDINAL};
static const struct
{
	jrn_penalty penalty;
	double		lambda;
	double		alpha;
}			penalties[] = {
	{JRN_PENALTY_NONE, 0.0, 0.0},
	{JRN_PENALTY_RIDGE, 0.05, 0.0},
	{JRN_PENALTY_LASSO, 0.03, 1.0},
	{JRN_PENALTY_ELASTIC_NET, 0.05, 0.4},
	{JRN_PENALTY_FIRTH, 0.0, 0.0}
};

/* A part fitted within all rows is the fit of a design that never had the others. */
static void
parts(void)
{
	int			f,
				k;

	for (f = 0; f < 4; f++)
		for (k = 0; k < (families[f] == JRN_BINOMIAL ? 5 : 4); k++)
		{
			jrn_env		env = host_env();
			static glm_data d;
			int			thresholds = families[f] == JRN_ORDINAL ? 3 : 0;
			double		worst = 0.0;
			int			j;

			make(&d, families[f], penalties[k].penalty, penalties[k].lambda, penalties[k].alpha);
			d.weighted = k % 2 == 1;
			d.has_offset = k != 2;
			d.skip = 1;
			ok(run_part(&env, &d) == JRN_OK && d.status == JRN_FIT_OK, "%s, %s: a part can be fitted",
			   family_name(families[f]), jrn_penalty_name(penalties[k].penalty));
			ok(run_fit(&env, &d) == JRN_OK && d.model.status == JRN_FIT_OK, "and so can its rows alone");
			for (j = 0; j < P; j++)
			{
				double		alone = d.coefficients[j + (thresholds > 0 ? thresholds : 1)];

				worst = fmax(worst, fabs(alone - d.beta[j + 1]) / (fabs(alone) + 1e-3));
				if ((alone == 0.0) != (d.beta[j + 1] == 0.0))
					worst = 1.0;
			}
			for (j = 0; j < thresholds; j++)
				worst = fmax(worst, fabs(d.coefficients[j] + d.beta[j == 0 ? 0 : P + j]) / fabs(d.coefficients[j]));
			if (families[f] == JRN_NEGATIVE_BINOMIAL)
				worst = fmax(worst, fabs(d.theta[P + 1] / d.model.dispersion - 1.0));
			ok(worst < 1e-7, "R-GLM-2 with the same coefficients, worst difference %g", worst);
			host_reset();
		}
}

/* log-likelihood of a row, from textbook formulas */
static double
row_likelihood(const glm_data *d, int i, const double *beta, double shape)
{
	int			thresholds = d->request.family == JRN_ORDINAL ? 3 : 0;
	const double *slopes = beta + (thresholds > 0 ? thresholds : 1);
	double		eta = d->has_offset ? d->offset[i] : 0.0;
	double		w = d->weighted ? d->weight[i] : 1.0;
	double		y = d->y[i];
	double		mu;
	int			j,
				c;

	for (j = 0; j < P; j++)
		eta += slopes[j] * (d->x[i][j] - (j == 1 ? 1e6 : 0.0));
	if (thresholds > 0)
	{
		/* thresholds here belong to x1 less 1e6 as well */
		double		above,
					below;

		c = y == 1.0 ? 0 : y == 2.0 ? 1 : y == 4.0 ? 2 : 3;
		above = c == 3 ? 1.0 : 1.0 / (1.0 + exp(-(beta[c] - eta)));
		below = c == 0 ? 0.0 : 1.0 / (1.0 + exp(-(beta[c - 1] - eta)));
		return w * log(above - below);
	}
	eta += beta[0];
	mu = exp(eta);
	switch (d->request.family)
	{
		case JRN_BINOMIAL:
			return w * (y * eta - log1p(mu));
		case JRN_POISSON:
			return w * (y * eta - mu - lgamma(y + 1.0));
		default:
			return w * (lgamma(y + shape) - lgamma(shape) - lgamma(y + 1.0) + shape * log(shape / (mu + shape)) +
						y * log(mu / (mu + shape)));
	}
}

static double
objective(const glm_data *d, const double *beta, double shape)
{
	int			first = d->request.family == JRN_ORDINAL ? 3 : 1;
	double		sum = 0.0;
	double		weight = 0.0;
	double		penalty = 0.0;
	int			i,
				j;

	for (i = 0; i < d->rows; i++)
	{
		sum -= row_likelihood(d, i, beta, shape);
		weight += d->weighted ? d->weight[i] : 1.0;
	}
	for (j = 0; j < P; j++)
	{
		double		mean = 0.0;
		double		square = 0.0;
		double		b;

		for (i = 0; i < d->rows; i++)
			mean += (d->weighted ? d->weight[i] : 1.0) * (d->x[i][j] - (j == 1 ? 1e6 : 0.0)) / weight;
		for (i = 0; i < d->rows; i++)
		{
			double		away = d->x[i][j] - (j == 1 ? 1e6 : 0.0) - mean;

			square += (d->weighted ? d->weight[i] : 1.0) * away * away / weight;
		}
		b = beta[first + j] * sqrt(square);
		penalty += d->request.alpha * fabs(b) + (1.0 - d->request.alpha) / 2.0 * b * b;
	}
	return sum / weight + d->request.lambda * penalty;
}

/* No single coefficient, nor the shape, can be moved without a loss. */
static void
maxima(void)
{
	int			f,
				k;

	for (f = 0; f < 4; f++)
		for (k = 0; k < 4; k++)
		{
			jrn_env		env = host_env();
			static glm_data d;
			double		beta[MOST];
			int			first = families[f] == JRN_ORDINAL ? 3 : 1;
			double		here;
			bool		best = true;
			double		likelihood = 0.0;
			int			j,
						i;

			make(&d, families[f], penalties[k].penalty, penalties[k].lambda, penalties[k].alpha);
			d.weighted = k % 2 == 0;
			d.has_offset = true;
			(void) run_fit(&env, &d);
			memcpy(beta, d.coefficients, sizeof(beta));
			/* levels for x1 less 1e6 */
			for (j = 0; j < first; j++)
				beta[j] += (first == 3 ? -1e6 : 1e6) * beta[first + 1];
			here = objective(&d, beta, d.model.dispersion);
			for (j = 0; j < first + P; j++)
				for (i = -1; i <= 1; i += 2)
				{
					double		moved[MOST];

					memcpy(moved, beta, sizeof(moved));
					moved[j] += (double) i * 1e-3 * (fabs(moved[j]) + 0.1);
					best = best && objective(&d, moved, d.model.dispersion) > here - 1e-12;
				}
			if (families[f] == JRN_NEGATIVE_BINOMIAL)
				best = best && objective(&d, beta, d.model.dispersion * 1.001) > here &&
					objective(&d, beta, d.model.dispersion * 0.999) > here;
			ok(best, "%s, %s: the objective rises in every direction", family_name(families[f]),
			   jrn_penalty_name(penalties[k].penalty));
			for (i = 0; i < d.rows; i++)
				likelihood += row_likelihood(&d, i, beta, d.model.dispersion);
			ok_close(d.model.log_likelihood, likelihood, 1e-8, "and the log-likelihood is that of the textbook");
			host_reset();
		}
}

static void
bits(void)
{
	int			f,
				k;
	bool		same = true;

	for (f = 0; f < 4; f++)
		for (k = 0; k < 5; k++)
		{
			jrn_env		env = host_env();
			static glm_data d,
						e;
			int			i;

			if (penalties[k].penalty == JRN_PENALTY_FIRTH && families[f] != JRN_BINOMIAL)
				continue;
			make(&d, families[f], penalties[k].penalty, penalties[k].lambda, penalties[k].alpha);
			e = d;
			for (i = 0; i < ROWS; i++)
				e.order[i] = (i * 11 + 5) % ROWS;
			e.limit = 4096;
			(void) run_fit(&env, &d);
			(void) run_fit(&env, &e);
			same = same && memcmp(d.coefficients, e.coefficients, sizeof(d.coefficients)) == 0 &&
				memcmp(&d.model.deviance, &e.model.deviance, sizeof(double)) == 0 &&
				memcmp(&d.model.dispersion, &e.model.dispersion, sizeof(double)) == 0;
			host_reset();
		}
	ok(same, "the same bits in another order and spilled to files, all families and penalties");
}

/* What has no maximum, or none of its own. */
static void
limits(void)
{
	static glm_data d;
	jrn_env		env = host_env();
	int			i;

	make(&d, JRN_POISSON, JRN_PENALTY_NONE, 0.0, 0.0);
	for (i = 0; i < ROWS; i++)
		d.y[i] = 0.0;
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_ONE_CLASS && isnan(d.coefficients[0]),
	   "R-GLM-4 counts that are all 0");
	d.request.penalty = JRN_PENALTY_RIDGE;
	d.request.lambda = 1.0;
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_ONE_CLASS, "with a ridge too");
	make(&d, JRN_POISSON, JRN_PENALTY_NONE, 0.0, 0.0);
	for (i = 0; i < ROWS; i++)
		if (d.x[i][2] == 1.0)
			d.y[i] = 0.0;
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_SEPARATED && d.coefficients[3] == -HUGE_VAL &&
	   isfinite(d.coefficients[1]) && isnan(d.errors[3]) && isfinite(d.errors[1]),
	   "a group without a single event runs away, the others are finite");
	make(&d, JRN_NEGATIVE_BINOMIAL, JRN_PENALTY_NONE, 0.0, 0.0);
	for (i = 0; i < ROWS; i++)
		d.y[i] = 3.0 + (double) (i % 2);
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_NO_OVERDISPERSION && isnan(d.model.dispersion) &&
	   isfinite(d.errors[1]), "R-GLM-5 less spread than Poisson");
	make(&d, JRN_ORDINAL, JRN_PENALTY_NONE, 0.0, 0.0);
	for (i = 0; i < ROWS; i++)
		d.y[i] = d.x[i][0] > 0.3 ? 3.0 : d.x[i][0] > -0.3 ? 2.0 : 1.0;
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_SEPARATED, "levels cut by a feature are separated");
	make(&d, JRN_ORDINAL, JRN_PENALTY_NONE, 0.0, 0.0);
	for (i = 0; i < ROWS; i++)
		d.y[i] = 2.0;
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_ONE_CLASS && d.model.terms == P,
	   "one level has no threshold");
	for (i = 0; i < ROWS; i++)
		d.y[i] = (double) i;
	ok_int(run_fit(&env, &d), JRN_LIMIT, "too many levels");
	make(&d, JRN_BINOMIAL, JRN_PENALTY_FIRTH, 0.0, 0.0);
	for (i = 0; i < ROWS; i++)
		d.y[i] = d.x[i][0] > 0.0 ? 1.0 : 0.0;
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_OK && isfinite(d.coefficients[1]) &&
	   isfinite(d.errors[1]), "R-FIRTH-1 finite under complete separation");
	make(&d, JRN_POISSON, JRN_PENALTY_NONE, 0.0, 0.0);
	for (i = 0; i < ROWS; i++)
		d.x[i][3] = d.x[i][0] + 2.0 * d.x[i][2];
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_RANK_DEFICIENT && isnan(d.coefficients[4]),
	   "R-GLM-3 the later of dependent columns is aliased");
	d.request.penalty = JRN_PENALTY_RIDGE;
	d.request.lambda = 0.1;
	ok(run_fit(&env, &d) == JRN_OK && d.status == JRN_FIT_OK && isfinite(d.coefficients[4]),
	   "with a penalty all of them stay");
	host_reset();
}

/* Saturated likelihoods against their definition. */
static void
saturated(void)
{
	static const double ys[] = {0.0, 1.0, 2.0, 7.5, 40.0, 1000.0};
	static const double shapes[] = {0.01, 1.0, 30.0, 1e4};
	size_t		i,
				j;

	for (i = 0; i < 6; i++)
	{
		double		y = ys[i];
		double		poisson = (y > 0.0 ? y * log(y) : 0.0) - y - lgamma(y + 1.0);

		ok(fabs(jrn_count_saturated(y, HUGE_VAL) - poisson) < 1e-11 * (1.0 + fabs(y) * 8.0), "saturated Poisson, y = %g", y);
		for (j = 0; j < 4; j++)
		{
			double		s = shapes[j];
			double		want = lgamma(y + s) - lgamma(s) - lgamma(y + 1.0) + s * log(s) +
				(y > 0.0 ? y * log(y) : 0.0) - (y + s) * log(y + s);

			ok(fabs(jrn_count_saturated(y, s) - want) < 1e-12 * (1.0 + (y + s) * log(y + s + 2.0)),
			   "saturated negative binomial, y = %g, shape %g", y, s);
		}
	}
}

static void
survival(void)
{
	static glm_data d;
	int			f;

	for (f = 0; f < 4; f++)
	{
		make(&d, families[f], f == 0 ? JRN_PENALTY_FIRTH : JRN_PENALTY_NONE, 0.0, 0.0);
		d.rows = 60;
		ok_survives(run_fit, &d, family_name(families[f]));
	}
	make(&d, JRN_POISSON, JRN_PENALTY_LASSO, 0.05, 1.0);
	d.rows = 60;
	ok_survives(run_fit, &d, "lasso");
	make(&d, JRN_ORDINAL, JRN_PENALTY_NONE, 0.0, 0.0);
	d.rows = 60;
	d.request.errors = JRN_ERRORS_HC0;
	ok_survives(run_fit, &d, "robust errors of an ordinal model");
	host_reset();
}

void
test_glm(void)
{
	parts();
	maxima();
	bits();
	limits();
	saturated();
	survival();
}
