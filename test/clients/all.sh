#!/usr/bin/env bash
# Real clients, the dashboard and the dbt project on a shop with validations, in a
# database of its own on the server of PGHOST and so on.  TAP without numbers.
# By itself:
#	bash -c '. dev/lib.sh; need_server; build_and_stage; in_cluster bash test/clients/all.sh'
set -uo pipefail
cd "$(dirname "$0")/../.."
export PGDATABASE=journey_clients
psql -Xqd postgres -c 'DROP DATABASE IF EXISTS journey_clients' -c 'CREATE DATABASE journey_clients' || exit 1
psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION journey' -f examples/shop.sql -f test/clients/validations.sql -f test/clients/fixture.sql >/dev/null
[ $? = 0 ] && echo "ok - the shop and its validations are there" || echo "not ok - the shop and its validations are there"
bash test/clients/run.sh
bash test/clients/dashboard.sh
# dbt meets its own validation only
psql -Xqc "UPDATE journey.validation SET active = false WHERE name IN ('newsletter', 'refund')"
bash test/clients/dbt.sh
psql -Xqd postgres -c 'DROP DATABASE journey_clients'
