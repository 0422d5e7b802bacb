/*
 * fft.c
 *		Discrete Fourier transform of real series (see fft.h).
 */
#include <string.h>

#include "fft.h"

#define QUARTER_PI 0x1.921fb54442d18p-1

/* Elements of a pass between two looks at the wish to stop. */
#define PIECE ((size_t) 1 << 16)

int
jrn_fft_is_smooth(size_t n)
{
	if (n == 0)
		return 0;
	while (n % 2 == 0)
		n /= 2;
	while (n % 3 == 0)
		n /= 3;
	while (n % 5 == 0)
		n /= 5;
	return n == 1;
}

size_t
jrn_fft_length_below(size_t n)
{
	while (n > 1 && !jrn_fft_is_smooth(n))
		n--;
	return n;
}

size_t
jrn_fft_length_above(size_t n)
{
	while (!jrn_fft_is_smooth(n))
		n++;
	return n;
}

/* Taylor series on [0, pi/4]: the first term left out is below 2^-58. */
static double
small_sine(double a)
{
	const double s = a * a;

	return a + a * s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880 + s *
				(-1.0 / 39916800 + s * (1.0 / 6227020800.0 + s * (-1.0 / 1307674368000.0)))))));
}

static double
small_cosine(double a)
{
	const double s = a * a;

	return 1.0 + s * (-0.5 + s * (1.0 / 24 + s * (-1.0 / 720 + s * (1.0 / 40320 + s *
				(-1.0 / 3628800 + s * (1.0 / 479001600.0 + s * (-1.0 / 87178291200.0 + s *
				(1.0 / 20922789888000.0))))))));
}

/* The octant is found in integers, so the angle that is left has no error of reduction. */
void
jrn_turn(uint64_t k, uint64_t n, double *cosine, double *sine)
{
	const uint64_t eighths = 8 * (k % n);
	const uint64_t octant = eighths / n;
	const uint64_t rest = eighths % n;
	const int	odd = octant & 1;
	const double a = QUARTER_PI * ((double) (odd ? n - rest : rest) / (double) n);
	const double c = small_cosine(a);
	const double s = small_sine(a);

	switch (octant)
	{
		case 0:
			*cosine = c;
			*sine = s;
			break;
		case 1:
			*cosine = s;
			*sine = c;
			break;
		case 2:
			*cosine = -s;
			*sine = c;
			break;
		case 3:
			*cosine = -c;
			*sine = s;
			break;
		case 4:
			*cosine = -c;
			*sine = -s;
			break;
		case 5:
			*cosine = -s;
			*sine = -c;
			break;
		case 6:
			*cosine = s;
			*sine = -c;
			break;
		default:
			*cosine = c;
			*sine = -s;
	}
}

static void
factorize(jrn_fft *fft)
{
	static const int radices[] = {5, 3, 4, 2};
	size_t		rest = fft->m;
	int			i;

	fft->factors = 0;
	for (i = 0; i < 4; i++)
		while (rest % (size_t) radices[i] == 0)
		{
			fft->factor[fft->factors++] = radices[i];
			rest /= (size_t) radices[i];
		}
}

jrn_status
jrn_fft_init(const jrn_env *env, size_t n, jrn_fft *fft)
{
	size_t		k;
	int			i;

	memset(fft, 0, sizeof(*fft));
	if (!jrn_fft_is_smooth(n))	/* R-FFT-4 */
		return JRN_DOMAIN;
	if (n > JRN_FFT_MAX)
		return JRN_LIMIT;
	fft->n = n;
	fft->m = n % 2 == 0 ? n / 2 : n;
	factorize(fft);
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &fft->cosine));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &fft->sine));
	for (i = 0; i < 2; i++)
	{
		JRN_TRY(jrn_alloc_array(env, fft->m, sizeof(double), &fft->re[i]));
		JRN_TRY(jrn_alloc_array(env, fft->m, sizeof(double), &fft->im[i]));
	}
	for (k = 0; k < n; k++)
	{
		if (k % 16384 == 0)
			JRN_TICK(env);
		jrn_turn(k, n, &fft->cosine[k], &fft->sine[k]);
	}
	return JRN_OK;
}

void
jrn_fft_release(const jrn_env *env, jrn_fft *fft)
{
	int			i;

	for (i = 0; i < 2; i++)
	{
		jrn_release(env, fft->re[i]);
		jrn_release(env, fft->im[i]);
	}
	jrn_release(env, fft->cosine);
	jrn_release(env, fft->sine);
	memset(fft, 0, sizeof(*fft));
}

/*
 * One pass over columns q of one group p: radix inputs lie `apart` elements
 * apart, outputs `stride`.  w holds cosine and sine of the twiddles 1 .. radix
 * - 1 of the group; a forward transform turns by their negative.
 */
typedef struct pass
{
	const double *xr;
	const double *xi;
	double	   *yr;
	double	   *yi;
	size_t		apart;
	size_t		stride;
	size_t		count;			/* of columns */
	double		wc[5];
	double		ws[5];
} pass;

/* out[j] = (r + i v) * (c - i s) */
#define PUT(j, r, v) \
	do { \
		const double r_ = (r), v_ = (v); \
		yr[q + (j) * t] = r_ * wc##j + v_ * ws##j; \
		yi[q + (j) * t] = v_ * wc##j - r_ * ws##j; \
	} while (0)

#define TWIDDLE(j) const double wc##j = p->wc[j], ws##j = p->ws[j]

#define LAYOUT \
	const double *restrict xr = p->xr; \
	const double *restrict xi = p->xi; \
	double *restrict yr = p->yr; \
	double *restrict yi = p->yi; \
	const size_t a = p->apart; \
	const size_t t = p->stride; \
	const size_t count = p->count; \
	size_t		q

static inline void
pass_2(const pass *p)
{
	LAYOUT;
	TWIDDLE(1);

	for (q = 0; q < count; q++)
	{
		const double r0 = xr[q], i0 = xi[q];
		const double r1 = xr[q + a], i1 = xi[q + a];

		yr[q] = r0 + r1;
		yi[q] = i0 + i1;
		PUT(1, r0 - r1, i0 - i1);
	}
}

static inline void
pass_3(const pass *p)
{
	const double h = 0x1.bb67ae8584caap-1;	/* sqrt(3) / 2 */
	LAYOUT;
	TWIDDLE(1);
	TWIDDLE(2);

	for (q = 0; q < count; q++)
	{
		const double sr = xr[q + a] + xr[q + 2 * a], si = xi[q + a] + xi[q + 2 * a];
		const double dr = h * (xr[q + a] - xr[q + 2 * a]), di = h * (xi[q + a] - xi[q + 2 * a]);
		const double mr = xr[q] - 0.5 * sr, mi = xi[q] - 0.5 * si;

		yr[q] = xr[q] + sr;
		yi[q] = xi[q] + si;
		PUT(1, mr + di, mi - dr);
		PUT(2, mr - di, mi + dr);
	}
}

static inline void
pass_4(const pass *p)
{
	LAYOUT;
	TWIDDLE(1);
	TWIDDLE(2);
	TWIDDLE(3);

	for (q = 0; q < count; q++)
	{
		const double er = xr[q] + xr[q + 2 * a], ei = xi[q] + xi[q + 2 * a];
		const double fr = xr[q] - xr[q + 2 * a], fi = xi[q] - xi[q + 2 * a];
		const double gr = xr[q + a] + xr[q + 3 * a], gi = xi[q + a] + xi[q + 3 * a];
		const double hr = xr[q + a] - xr[q + 3 * a], hi = xi[q + a] - xi[q + 3 * a];

		yr[q] = er + gr;
		yi[q] = ei + gi;
		PUT(1, fr + hi, fi - hr);
		PUT(2, er - gr, ei - gi);
		PUT(3, fr - hi, fi + hr);
	}
}

static inline void
pass_5(const pass *p)
{
	const double c1 = 0x1.3c6ef372fe95p-2, s1 = 0x1.e6f0e134454ffp-1;	/* 72 degrees */
	const double c2 = -0x1.9e3779b97f4a8p-1, s2 = 0x1.2cf2304755a5ep-1;	/* 144 degrees */
	LAYOUT;
	TWIDDLE(1);
	TWIDDLE(2);
	TWIDDLE(3);
	TWIDDLE(4);

	for (q = 0; q < count; q++)
	{
		const double r0 = xr[q], i0 = xi[q];
		const double ar = xr[q + a] + xr[q + 4 * a], ai = xi[q + a] + xi[q + 4 * a];
		const double br = xr[q + 2 * a] + xr[q + 3 * a], bi = xi[q + 2 * a] + xi[q + 3 * a];
		const double cr = xr[q + a] - xr[q + 4 * a], ci = xi[q + a] - xi[q + 4 * a];
		const double dr = xr[q + 2 * a] - xr[q + 3 * a], di = xi[q + 2 * a] - xi[q + 3 * a];
		const double mr = r0 + c1 * ar + c2 * br, mi = i0 + c1 * ai + c2 * bi;
		const double nr = r0 + c2 * ar + c1 * br, ni = i0 + c2 * ai + c1 * bi;
		const double ur = s1 * cr + s2 * dr, ui = s1 * ci + s2 * di;
		const double vr = s2 * cr - s1 * dr, vi = s2 * ci - s1 * di;

		yr[q] = r0 + ar + br;
		yi[q] = i0 + ai + bi;
		PUT(1, mr + ui, mi - ur);
		PUT(2, nr + vi, ni - vr);
		PUT(3, nr - vi, ni + vr);
		PUT(4, mr - ui, mi + ur);
	}
}

static void
run_pass(int radix, const pass *p)
{
	switch (radix)
	{
		case 2:
			pass_2(p);
			break;
		case 3:
			pass_3(p);
			break;
		case 4:
			pass_4(p);
			break;
		default:
			pass_5(p);
	}
}

/* All groups of one pass, in pieces.  length * stride = m. */
static jrn_status
one_pass(const jrn_env *env, const jrn_fft *fft, int radix, size_t length, size_t stride, int from)
{
	const size_t groups = length / (size_t) radix;
	const size_t turn = fft->n / length;	/* of the table, for the first twiddle of group 1 */
	size_t		done = 0;
	size_t		group;
	size_t		q;
	int			j;
	pass		p;

	p.apart = groups * stride;
	p.stride = stride;
	for (group = 0; group < groups; group++)
	{
		for (j = 1; j < radix; j++)
		{
			p.wc[j] = fft->cosine[(size_t) j * group * turn];
			p.ws[j] = fft->sine[(size_t) j * group * turn];
		}
		for (q = 0; q < stride; q += PIECE)
		{
			p.count = stride - q < PIECE ? stride - q : PIECE;
			p.xr = fft->re[from] + group * stride + q;
			p.xi = fft->im[from] + group * stride + q;
			p.yr = fft->re[!from] + group * stride * (size_t) radix + q;
			p.yi = fft->im[!from] + group * stride * (size_t) radix + q;
			run_pass(radix, &p);
			done += p.count;
			if (done >= PIECE)
			{
				JRN_TICK(env);
				done = 0;
			}
		}
	}
	return JRN_OK;
}

/* Complex transform of re[0], im[0]; *at says which pair holds the result. */
static jrn_status
transform(const jrn_env *env, const jrn_fft *fft, int *at)
{
	size_t		length = fft->m;
	size_t		stride = 1;
	int			i;

	*at = 0;
	for (i = 0; i < fft->factors; i++)
	{
		JRN_TRY(one_pass(env, fft, fft->factor[i], length, stride, *at));
		*at = !*at;
		length /= (size_t) fft->factor[i];
		stride *= (size_t) fft->factor[i];
	}
	JRN_TICK(env);
	return JRN_OK;
}

/* X_k = E_k + exp(-2 pi i k / n) O_k of the spectra of even and odd elements. */
static void
unpack(const jrn_fft *fft, const double *zr, const double *zi, double *re, double *im)
{
	const size_t m = fft->m;
	size_t		k;

	re[0] = zr[0] + zi[0];
	re[m] = zr[0] - zi[0];
	im[0] = im[m] = 0.0;
	for (k = 1; k < m; k++)
	{
		const double er = 0.5 * (zr[k] + zr[m - k]), ei = 0.5 * (zi[k] - zi[m - k]);
		const double or = 0.5 * (zi[k] + zi[m - k]), oi = -0.5 * (zr[k] - zr[m - k]);
		const double c = fft->cosine[k], s = fft->sine[k];

		re[k] = er + (or * c + oi * s);
		im[k] = ei + (oi * c - or * s);
	}
}

jrn_status
jrn_fft_forward(const jrn_env *env, jrn_fft *fft, const double *x, double *re, double *im)
{
	const size_t m = fft->m;
	size_t		t;
	int			at;

	if (fft->n % 2 == 0)
		for (t = 0; t < m; t++)
		{
			fft->re[0][t] = x[2 * t];
			fft->im[0][t] = x[2 * t + 1];
		}
	else
	{
		memcpy(fft->re[0], x, m * sizeof(double));
		memset(fft->im[0], 0, m * sizeof(double));
	}
	JRN_TRY(transform(env, fft, &at));
	if (fft->n % 2 == 0)
		unpack(fft, fft->re[at], fft->im[at], re, im);
	else
	{
		memcpy(re, fft->re[at], jrn_fft_coefficients(fft->n) * sizeof(double));
		memcpy(im, fft->im[at], jrn_fft_coefficients(fft->n) * sizeof(double));
		im[0] = 0.0;
	}
	return JRN_OK;
}

/*
 * The spectrum of even + i odd elements.  The two arrays change places, which
 * makes the forward transform an inverse one.
 */
static void
pack(const jrn_fft *fft, const double *re, const double *im, double *zi, double *zr)
{
	const size_t m = fft->m;
	size_t		k;

	zr[0] = 0.5 * (re[0] + re[m]);
	zi[0] = 0.5 * (re[0] - re[m]);
	for (k = 1; k < m; k++)
	{
		const double er = 0.5 * (re[k] + re[m - k]), ei = 0.5 * (im[k] - im[m - k]);
		const double dr = 0.5 * (re[k] - re[m - k]), di = 0.5 * (im[k] + im[m - k]);
		const double c = fft->cosine[k], s = fft->sine[k];
		const double or = dr * c - di * s, oi = di * c + dr * s;

		zr[k] = er - oi;
		zi[k] = ei + or;
	}
}

static void
mirror(const jrn_fft *fft, const double *re, const double *im, double *zi, double *zr)
{
	const size_t n = fft->n;
	size_t		k;

	zr[0] = re[0];
	zi[0] = 0.0;
	for (k = 1; k <= n / 2; k++)
	{
		zr[k] = re[k];
		zi[k] = im[k];
		zr[n - k] = re[k];
		zi[n - k] = -im[k];
	}
}

jrn_status
jrn_fft_inverse(const jrn_env *env, jrn_fft *fft, const double *re, const double *im, double *x)
{
	const size_t m = fft->m;
	const double scale = 1.0 / (double) m;
	size_t		t;
	int			at;

	if (fft->n % 2 == 0)
		pack(fft, re, im, fft->re[0], fft->im[0]);
	else
		mirror(fft, re, im, fft->re[0], fft->im[0]);
	JRN_TRY(transform(env, fft, &at));
	if (fft->n % 2 == 0)
		for (t = 0; t < m; t++)
		{
			x[2 * t] = fft->im[at][t] * scale;
			x[2 * t + 1] = fft->re[at][t] * scale;
		}
	else
		for (t = 0; t < m; t++)
			x[t] = fft->im[at][t] * scale;
	return JRN_OK;
}
