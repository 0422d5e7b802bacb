# journey: PostgreSQL extension.
#
# make, make install, make installcheck work as in any PGXS extension.
# make check, make demo, make bench and the like are driver goals: they
# install what they need, build, and run against a throwaway server.

EXTENSION = journey
EXTVERSION := $(shell sed -n "s/^default_version *= *'\([^']*\)'.*/\1/p" $(or $(VPATH),.)/journey.control)

DRIVER_GOALS = check check-core check-slow check-readme check-assert demo bench lint coverage fuzz changes dist

ifneq ($(filter $(DRIVER_GOALS),$(MAKECMDGOALS)),)

.PHONY: $(DRIVER_GOALS)
$(DRIVER_GOALS):
	@PG='$(PG)' PG_CONFIG='$(PG_CONFIG)' bash dev/$@.sh

else

MODULE_big = journey

# The install script, in this order: a table of contents.
SQL_PARTS = \
	src/schema.sql \
	src/features/features.sql \
	src/features/support.sql \
	src/events/events.sql \
	src/funnels/window_funnel.sql \
	src/funnels/sequences.sql \
	src/funnels/funnel.sql \
	src/funnels/retention.sql \
	src/maps/maps.sql \
	src/maps/outcomes.sql \
	src/maps/patterns.sql \
	src/kpis/kpis.sql \
	src/kpis/value.sql \
	src/folds/folds.sql \
	src/folds/splits.sql \
	src/folds/report.sql \
	src/models/models.sql \
	src/trees/trees.sql \
	src/models/moments.sql \
	src/kpis/survival.sql \
	src/kpis/cox.sql \
	src/metrics/metrics.sql \
	src/metrics/metric_intervals.sql \
	src/metrics/metric_tables.sql \
	src/validation/validation.sql \
	src/strategies/strategies.sql \
	src/strategies/compare.sql \
	src/strategies/planning.sql \
	src/strategies/checks.sql \
	src/strategies/policy.sql \
	src/strategies/uplift.sql \
	src/chaos/chaos.sql \
	src/chaos/series_neighbours.sql \
	src/chaos/series_tests.sql \
	src/chaos/dynamics.sql \
	src/chaos/nonlinear.sql \
	src/chaos/twins.sql \
	src/simulation/simulation.sql \
	src/monitoring/reading.sql \
	src/monitoring/sequences.sql \
	src/monitoring/drift.sql \
	src/monitoring/store.sql \
	src/monitoring/define.sql \
	src/monitoring/rows.sql \
	src/monitoring/checks.sql \
	src/monitoring/prequential.sql \
	src/monitoring/decide.sql \
	src/monitoring/exhibits.sql \
	src/monitoring/run.sql \
	src/monitoring/schedule.sql \
	src/reports/charts.sql \
	src/reports/journey_charts.sql \
	src/reports/report.sql

srcroot := $(or $(VPATH),.)
SQL_PARTS := $(foreach part,$(SQL_PARTS),$(wildcard $(srcroot)/$(part)))
SOURCES := $(patsubst $(srcroot)/%,%,$(wildcard $(srcroot)/src/*.c $(srcroot)/src/*/*.c))
OBJS := $(SOURCES:.c=.o)
DATA_built = journey--$(EXTVERSION).sql
DATA = $(wildcard $(srcroot)/sql/journey--*--*.sql)
REGRESS = $(sort $(patsubst $(srcroot)/sql/%.sql,%,$(filter-out $(srcroot)/sql/journey--%,$(wildcard $(srcroot)/sql/*.sql))))
REGRESS_OPTS = --inputdir=$(srcroot)

# Sums must not be contracted or reordered, on any machine; warnings are ours
# to keep at zero.  -O3 only unrolls and vectorises what order allows.
PG_CFLAGS = -O3 -ffp-contract=off -fno-math-errno -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare -Wno-psabi
SHLIB_LINK += -lm -Wl,--version-script=$(srcroot)/src/journey.map
EXTRA_CLEAN = journey--$(EXTVERSION).sql build

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifeq ($(wildcard $(PGXS)),)
$(error no server headers found by "$(PG_CONFIG)": install postgresql-server-dev-N, or pass PG_CONFIG=/path/to/pg_config)
endif
# JIT bitcode would be compiled without PG_CFLAGS and could round otherwise.
override with_llvm := no
include $(PGXS)

# Object folders of a build outside the source tree.
$(shell mkdir -p $(dir $(OBJS)))

HEADERS_ALL := $(wildcard $(srcroot)/src/*/*.h)
$(OBJS): $(HEADERS_ALL) $(srcroot)/Makefile

# 14 has no security_invoker: see the file.
before_15 = $(if $(filter 14,$(MAJORVERSION)),| awk -f $(srcroot)/src/before_15.awk)

journey--$(EXTVERSION).sql: $(SQL_PARTS) $(srcroot)/src/customer_types.awk $(srcroot)/src/before_15.awk
	awk -f $(srcroot)/src/customer_types.awk $(SQL_PARTS) $(before_15) > $@

endif
