{# as_of(): the variable as_of as SQL. #}
{% macro as_of() -%}
  {%- if var('as_of') is none -%} null {%- else -%} {{ text_literal(var('as_of')) }}::timestamptz {%- endif -%}
{%- endmacro %}

{% macro text_literal(value) -%}
  {{ dbt.string_literal(dbt.escape_single_quotes(value)) }}
{%- endmacro %}

{# define_validation(): as a hook of the model it reads.  The same definition
   again adds no version, so it may run with every build. #}
{% macro define_validation(name, relation) %}
  select journey.define_validation({{ text_literal(name) }},
    'select customer_id, segment, strategy, outcome, decided_at, matured_at from {{ relation }}',
    'outcome', 'strategy', 'customer_id', '{segment}',
    '{"decided_at": "decided_at", "matured_at": "matured_at", "baseline": "none"}')
{% endmacro %}

{# dbt run-operation validate [--args '{name: callback}']
   journey.validate() commits after each step, which PostgreSQL allows outside a
   transaction only.  An operation is outside of one, and run_query() begins none;
   a statement block would, unless told auto_begin=false. #}
{% macro validate(name=none, as_of=none, force=false) %}
  {% set name = name or var('validation') %}
  {% do run_query("call journey.validate(" ~ text_literal(name) ~ ", as_of => "
      ~ (text_literal(as_of) ~ "::timestamptz" if as_of else "null") ~ ", force => " ~ (force | string | lower) ~ ")") %}
  {% set state = run_query("select state, reason from journey.validation_latest where name = " ~ text_literal(name)) %}
  {% for row in state.rows %}
    {% do log(name ~ ": " ~ row[0] ~ ", " ~ row[1], info=true) %}
  {% endfor %}
{% endmacro %}
