/*
 * shape.c
 *		Counts and shape figures of one path (see shape.h).
 *
 * Small journeys are the common case by far: half a million customers with
 * twenty events each.  So the pass over the events keeps everything that
 * depends on a touchpoint in small dense arrays, and nothing is allocated or
 * cleared beyond what the journey touched.
 */
#include <math.h>
#include <string.h>

#include "reserve.h"
#include "shape.h"

/* phi is scaled down by this factor whenever it exceeds its inverse. */
#define PHI_STEP 512
#define PHI_LIMIT 0x1p512
#define PHI_SCALE 0x1p-512

/* Spells up to here cannot overflow: phi <= 2^d. */
#define PHI_PLAIN_SPELLS 1000

void
jrn_shape_work_init(jrn_shape_work *work)
{
	int			c;

	memset(work, 0, sizeof(*work));
	for (c = 1; c <= JRN_LOG_TABLE; c++)
	{
		work->ln[c] = log((double) c);
		work->c_ln_c[c] = (double) c * work->ln[c];
	}
}

/* Slots must be zero where they have not been used. */
static jrn_status
reserve_slots(const jrn_env *env, jrn_shape_work *work, uint32_t n_labels)
{
	if (n_labels <= work->slots_capacity)
		return JRN_OK;
	JRN_TRY(jrn_reserve(env, n_labels, &work->slots_capacity, sizeof(uint32_t), &work->slots));
	memset(work->slots, 0, work->slots_capacity * sizeof(uint32_t));
	return JRN_OK;
}

/*
 * Sort label << 32 | count by label: insertion for few, else least
 * significant byte first over the label's bytes.  Labels are distinct.
 */
static void
sort_touched(uint64_t *keys, uint64_t *scratch, size_t k, uint32_t n_labels)
{
	size_t		i,
				j;
	int			shift;

	if (k <= 32)
	{
		for (i = 1; i < k; i++)
		{
			uint64_t	key = keys[i];

			for (j = i; j > 0 && keys[j - 1] > key; j--)
				keys[j] = keys[j - 1];
			keys[j] = key;
		}
		return;
	}
	for (shift = 32; shift < 64 && ((uint64_t) n_labels >> (shift - 32)) > 0; shift += 8)
	{
		size_t		starts[256];
		size_t		sum = 0;

		memset(starts, 0, sizeof(starts));
		for (i = 0; i < k; i++)
			starts[(keys[i] >> shift) & 0xff]++;
		for (j = 0; j < 256; j++)
		{
			size_t		count = starts[j];

			starts[j] = sum;
			sum += count;
		}
		for (i = 0; i < k; i++)
			scratch[starts[(keys[i] >> shift) & 0xff]++] = keys[i];
		memcpy(keys, scratch, k * sizeof(uint64_t));
	}
}

/* Touched labels and counts in label order (R-SHAPE-7); forgets the slots. */
static jrn_status
finish_tally(const jrn_env *env, jrn_shape_work *work, uint32_t n_labels, jrn_tally *out)
{
	size_t		k = out->distinct;
	size_t		i;

	for (i = 0; i < k; i++)
		work->slots[work->touched[i] >> 32] = 0;
	JRN_TRY(jrn_reserve(env, k, &work->sorted_capacity, sizeof(uint64_t), &work->sorted));
	JRN_TRY(jrn_reserve(env, k, &work->labels_capacity, sizeof(uint32_t), &work->labels));
	JRN_TRY(jrn_reserve(env, k, &work->counts_capacity, sizeof(uint32_t), &work->counts));
	sort_touched(work->touched, work->sorted, k, n_labels);
	for (i = 0; i < k; i++)
	{
		work->labels[i] = (uint32_t) (work->touched[i] >> 32);
		work->counts[i] = (uint32_t) work->touched[i];
	}
	out->codes = work->codes;
	out->labels = work->labels;
	out->counts = work->counts;
	return JRN_OK;
}

/* A new touchpoint: its code is the number of those before it. */
static inline uint32_t
touch(jrn_shape_work *work, uint32_t label, size_t *distinct)
{
	uint32_t	code = work->slots[label];

	if (code == 0)
	{
		work->touched[*distinct] = (uint64_t) label << 32;
		code = (uint32_t) ++*distinct;
		work->slots[label] = code;
	}
	return code - 1;
}

jrn_status
jrn_tally_path(const jrn_env *env, jrn_shape_work *work, const jrn_event *events,
			   size_t n, uint32_t n_labels, jrn_tally *out)
{
	size_t		distinct = 0,
				spells = 0,
				ping_pongs = 0,
				spell = 0,
				i;
	uint64_t	sum_squares = 0;
	uint32_t	previous = UINT32_MAX,
				before = UINT32_MAX;

	if (n == 0)
		return JRN_DOMAIN;
	if (n > JRN_MAX_JOURNEY_EVENTS)
		return JRN_LIMIT;
	JRN_TRY(reserve_slots(env, work, n_labels));
	JRN_TRY(jrn_reserve(env, n, &work->codes_capacity, sizeof(uint32_t), &work->codes));
	JRN_TRY(jrn_reserve(env, n < n_labels ? n : n_labels, &work->touched_capacity,
						sizeof(uint64_t), &work->touched));
	for (i = 0; i < n; i++)
	{
		uint32_t	code = touch(work, events[i].label, &distinct);

		work->touched[code]++;
		work->codes[i] = code;
		if (code != previous)
		{
			ping_pongs += code == before;
			sum_squares += (uint64_t) spell * spell;
			spells++;
			spell = 0;
		}
		spell++;
		before = previous;
		previous = code;
		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1 && env->tick(env->host) != 0)
		{
			for (i = 0; i < distinct; i++)
				work->slots[work->touched[i] >> 32] = 0;
			return JRN_CANCELLED;
		}
	}
	out->n = n;
	out->distinct = distinct;
	out->spells = spells;
	out->ping_pongs = ping_pongs;
	out->sum_squares = sum_squares + (uint64_t) spell * spell;
	return finish_tally(env, work, n_labels, out);
}

/*
 * Entropy in nats (R-SHAPE-1).  Short paths: ln n - (1/n) sum c ln c from
 * tables.  Long ones: shares directly, the large share by log1p, because the
 * short form would cancel where one touchpoint dominates.
 */
static double
entropy_nats(const jrn_shape_work *work, const jrn_tally *tally)
{
	double		sum = 0.0;
	double		n = (double) tally->n;
	size_t		i;

	if (tally->distinct == 1)
		return 0.0;
	if (tally->n <= JRN_LOG_TABLE)
	{
		for (i = 0; i < tally->distinct; i++)
			sum += work->c_ln_c[tally->counts[i]];
		return work->ln[tally->n] - sum / n;
	}
	for (i = 0; i < tally->distinct; i++)
	{
		double		c = tally->counts[i];

		sum -= c / n * (c > n / 2 ? log1p(-(n - c) / n) : log(c / n));
	}
	return sum;
}

/* ln of an alphabet size of at least 2. */
static double
ln_size(const jrn_shape_work *work, int64_t a)
{
	return a <= JRN_LOG_TABLE ? work->ln[a] : log((double) a);
}

static bool
alphabet_fits(const jrn_tally *tally, int64_t alphabet_size)
{
	return alphabet_size == 0 ||
		(alphabet_size > 0 && (uint64_t) alphabet_size >= tally->distinct);
}

/* nats / ln a, never above 1 by rounding. */
static double
normalised(const jrn_shape_work *work, double nats, int64_t a)
{
	double		h;

	if (a <= 1)
		return 0.0;
	h = nats / ln_size(work, a);
	return h > 1.0 ? 1.0 : h;
}

jrn_status
jrn_entropy(const jrn_shape_work *work, const jrn_tally *tally,
			int64_t alphabet_size, double *out)
{
	if (!alphabet_fits(tally, alphabet_size))
		return JRN_DOMAIN;
	*out = entropy_nats(work, tally);
	if (alphabet_size > 0)
		*out = normalised(work, *out, alphabet_size);
	return JRN_OK;
}

/* q / (n - 1), 0 for one event. */
static double
change_share(const jrn_tally *tally)
{
	return tally->n > 1 ? (double) (tally->spells - 1) / (double) (tally->n - 1) : 0.0;
}

jrn_status
jrn_complexity(const jrn_shape_work *work, const jrn_tally *tally,
			   int64_t alphabet_size, double *out)
{
	int64_t		a = alphabet_size > 0 ? alphabet_size : (int64_t) tally->distinct;

	if (!alphabet_fits(tally, alphabet_size))
		return JRN_DOMAIN;
	*out = sqrt(change_share(tally) * normalised(work, entropy_nats(work, tally), a));
	return JRN_OK;
}

jrn_status
jrn_volatility(const jrn_tally *tally, int64_t alphabet_size, double *out)
{
	int64_t		a = alphabet_size > 0 ? alphabet_size : (int64_t) tally->distinct;

	if (!alphabet_fits(tally, alphabet_size))
		return JRN_DOMAIN;
	*out = 0.0;
	if (a > 1)
		*out = 0.5 * ((double) (tally->distinct - 1) / (double) (a - 1)) +
			0.5 * change_share(tally);
	return JRN_OK;
}

/*
 * log2 phi for at most PHI_PLAIN_SPELLS spells.  phi(i) = 2 phi(i-1) minus
 * phi before the last spell of the same touchpoint (0 if there was none).
 */
static double
log2_phi_plain(const jrn_tally *tally, double *last)
{
	double		phi = 1.0;
	uint32_t	previous = UINT32_MAX;
	size_t		i;

	memset(last, 0, tally->distinct * sizeof(double));
	for (i = 0; i < tally->n; i++)
	{
		uint32_t	code = tally->codes[i];

		if (code != previous)
		{
			double		next = phi + phi - last[code];

			last[code] = phi;
			phi = next;
			previous = code;
		}
	}
	return log2(phi);
}

/*
 * The same with a running scale 2^(512 epoch): what was remembered more than
 * one epoch ago is below 2^-512 of phi and cannot change it (R-SHAPE-5).
 */
static jrn_status
log2_phi_scaled(const jrn_env *env, const jrn_tally *tally, double *last,
				uint32_t *epochs, double *out)
{
	double		phi = 1.0;
	uint32_t	previous = UINT32_MAX,
				epoch = 0;
	size_t		i;

	memset(last, 0, tally->distinct * sizeof(double));
	memset(epochs, 0, tally->distinct * sizeof(uint32_t));
	for (i = 0; i < tally->n; i++)
	{
		uint32_t	code = tally->codes[i];

		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
		if (code != previous)
		{
			double		old = last[code];
			double		next;

			if (epochs[code] != epoch)
				old = epochs[code] + 1 == epoch ? old * PHI_SCALE : 0.0;
			next = phi + phi - old;
			last[code] = phi;
			epochs[code] = epoch;
			phi = next;
			previous = code;
			if (phi > PHI_LIMIT)
			{
				phi *= PHI_SCALE;
				epoch++;
			}
		}
	}
	*out = log2(phi) + (double) PHI_STEP * (double) epoch;
	return JRN_OK;
}

jrn_status
jrn_log2_subsequences(const jrn_env *env, jrn_shape_work *work,
					  const jrn_tally *tally, double *out)
{
	JRN_TRY(jrn_reserve(env, tally->distinct, &work->phi_capacity, sizeof(double), &work->phi));
	if (tally->spells <= PHI_PLAIN_SPELLS && tally->n <= JRN_TICK_EVENTS)
	{
		*out = log2_phi_plain(tally, work->phi);
		return JRN_OK;
	}
	JRN_TRY(jrn_reserve(env, tally->distinct, &work->epochs_capacity, sizeof(uint32_t),
						&work->epochs));
	return log2_phi_scaled(env, tally, work->phi, work->epochs, out);
}

/*
 * R-SHAPE-6.  s2 = (d sum t^2 - n^2)/d^2 in integers: below 2^63 for n up to
 * two million, in 128 bits above.
 */
double
jrn_turbulence(const jrn_tally *tally, double log2_phi)
{
	uint64_t	n = tally->n,
				d = tally->spells;
	double		surplus,
				s2,
				s2max,
				mean = (double) n / (double) d;

	if (n <= UINT64_C(2000000))
		surplus = (double) (d * tally->sum_squares - n * n);
	else
		surplus = (double) ((unsigned __int128) d * tally->sum_squares -
							(unsigned __int128) n * n);
	s2 = surplus / ((double) d * (double) d);
	s2max = (double) (d - 1) * (1.0 - mean) * (1.0 - mean);
	return log2_phi + log2((s2max + 1.0) / (s2 + 1.0));
}
