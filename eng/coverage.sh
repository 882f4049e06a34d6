# shellcheck shell=bash
# Coverage over all test projects: coverlet's collector under dotnet test, the report by reportgenerator (.config/dotnet-tools.json).
# Sourced by ./test --coverage.

coverage_folder="$artifacts/coverage"

# start_coverage: removes what an earlier run left and finds the collector, which restore has put among the packages.
start_coverage() {
  rm -rf "$coverage_folder"
  local version packages
  version=$(sed -n 's/.*"coverlet.collector" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
  packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
  collector=$(compgen -G "${packages%/}/coverlet.collector/$version/build/*/" | head -1)
  [[ -n "$collector" ]] || fail "coverlet.collector $version is not among the packages in $packages."
  shared_framework=$(dotnet --list-runtimes | sed -nE 's#^Microsoft\.AspNetCore\.App (10\.[^ ]+) \[(.*)\]$#\2/\1#p' | tail -1)
  stage 'coverage tools' dotnet tool restore --tool-manifest "$root/.config/dotnet-tools.json"
}

# instrumentable NAME: a copy of the test program, because coverlet writes into it; with links to the shared framework beside it, because
# coverlet leaves out, without a word, what refers to an assembly that it does not find.
instrumentable() {
  local copy="$coverage_folder/bin/$1" assembly
  mkdir -p "$coverage_folder/bin"
  cp -r "$artifacts/bin/$1/release" "$copy"
  for assembly in "$shared_framework"/*.dll; do
    [[ -e "$copy/$(basename "$assembly")" ]] || ln -s "$assembly" "$copy/"
  done
  echo "$copy"
}

# run_covered NAME: the same lines as the test program itself would print.
run_covered() {
  local name=$1 folder status=0 output
  folder=$(instrumentable "$name")
  output="$logs/$name.vstest.log"
  dotnet test "$folder/$name.dll" --collect 'XPlat Code Coverage' --settings "$root/eng/coverage.runsettings" \
    --test-adapter-path "$collector" --test-adapter-path "$folder" --results-directory "$coverage_folder/raw/$name" \
    --logger 'console;verbosity=normal' >"$output" 2>&1 </dev/null 9>&- || status=$?
  sed -E 's/^\[xUnit\.net [0-9:.]+\] ?//' "$output"
  awk -v name="$name" '
    /^Total tests: / { total = $3 } /^ +Failed: / { failed = $2 } /^ +Skipped: / { skipped = $2 } /No test is available/ { total = 0; none = 1 }
    END { if (total != "" || none) printf "   %s  Total: %d, Errors: 0, Failed: %d, Skipped: %d, Not Run: 0, Time: 0s\n", name, total, failed, skipped }' "$output"
  return "$status"
}

# report_coverage PERCENT: writes the report; 1 when the lines of src/ are covered to less than PERCENT.
report_coverage() {
  local line
  (cd "$root" && stage 'coverage report' dotnet tool run reportgenerator \
    "-reports:$coverage_folder/raw/**/coverage.cobertura.xml" "-targetdir:$coverage_folder" \
    '-reporttypes:Html;JsonSummary;TextSummary' '-filefilters:+*/src/*;-*/artifacts/*' "-title:Minion") || return 1
  rm -rf "${coverage_folder:?}/bin"
  line=$(sed -nE 's/.*"linecoverage": ([0-9.]+).*/\1/p' "$coverage_folder/Summary.json" | head -1)
  say "  $line % of the lines in src/ are covered (wanted: $1 %). Report: $coverage_folder/index.html"
  awk -v line="$line" -v wanted="$1" 'BEGIN { exit !(line + 0 >= wanted + 0) }'
}
