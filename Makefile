# The one front door. `make demo` and `make test` need nothing but the .NET 10 SDK (tests install Debian packages when run as root).
.PHONY: demo test check build bench scale storm fuzz format clean

CONFIGURATION ?= Release
DEMO ?=

build:
	@dotnet build Cutover.slnx -c $(CONFIGURATION) --nologo -v quiet

demo: ## The main job on the embedded lab: Contoso moves to its Microsoft 365 tenant. Pass options with DEMO="--mailboxes 20".
	@./cutover demo $(DEMO)

test: ## Every test; the last line is `N passed, N failed`.
	@eng/test.sh

check: ## What a reviewer asks: format, warnings as errors, architecture.
	@dotnet build Cutover.slnx -c $(CONFIGURATION) --nologo -v quiet
	@dotnet format Cutover.slnx --verify-no-changes --no-restore
	@dotnet run --project tests/Cutover.Architecture.Tests -c $(CONFIGURATION) --no-build

format:
	@dotnet format Cutover.slnx --no-restore

bench: ## Speed, in ratios of one run; never a test.
	@dotnet run --project bench/Cutover.Benchmarks -c Release -- $(BENCH)
	@echo "The engine alone, between a source and a target that cost next to nothing"
	@for batch in "2000 50" "20000 1"; do dotnet run --project bench/Cutover.Benchmarks -c Release --no-build -- --engine $$batch || exit 1; done
	@for transport in rpcHttp mapiHttp; do dotnet run --project bench/Cutover.Scale -c Release -- --items 20000 --item-bytes 10000 --transport $$transport || exit 1; done

scale: ## One big mailbox from the lab, in bounded memory. SCALE="--items 5000 --item-bytes 1000000" reads 5 GB; the default is 300,000 items.
	@dotnet run --project bench/Cutover.Scale -c Release -- $(SCALE)

storm: ## 200 kills over one cutover of 50 mailboxes, on SQLite and on PostgreSQL; takes half an hour.
	@dotnet build tests/Cutover.EndToEnd.Tests -c Release --nologo -v quiet
	@CUTOVER_KILLS=200 tests/Cutover.EndToEnd.Tests/bin/Release/net10.0/Cutover.EndToEnd.Tests --filter-class "*KillStormTests"

fuzz: ## Every decoder against mutated bytes. FUZZ="--executions 1000000 --seed 7"
	@dotnet run --project tests/Cutover.Fuzz -c Release -- $(FUZZ)

clean:
	@rm -rf artifacts && find . -name bin -o -name obj | xargs rm -rf
