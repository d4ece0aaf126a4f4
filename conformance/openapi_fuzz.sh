#!/bin/sh
# Fuzzes a service on its own OpenAPI document: sh openapi_fuzz.sh URL ADMINISTRATOR_KEY [further arguments], with `pip install schemathesis` (checked with 4.32).
# Each route is asked with what its schemas allow, and with what they do not: nothing may fail (5xx), and what is answered must be of the kind and form that the document says.
# Only on a service that holds nothing dear: it creates, changes and deletes. Left out is what would end the fuzzing itself: the emergency stop, and deleting the account or its keys.
set -eu
url=$1
key=$2
shift 2
exec schemathesis run "$url/openapi.json" \
  --header "Authorization: Bearer $key" \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth \
  --phases examples,coverage,fuzzing --max-examples 20 --seed 1 --continue-on-failure --suppress-health-check all \
  --exclude-path /error --exclude-path /api/admin/stop --exclude-path /api/account/delete --exclude-path '/api/keys/{id}' \
  "$@"
