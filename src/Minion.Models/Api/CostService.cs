using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Models.V1;
using Minion.Models.Money;
using Minion.ServiceDefaults.Callers;
using Row = Minion.Models.Money.CostRow;

namespace Minion.Models.Api;

/// <summary>Costs over gRPC.</summary>
internal sealed class CostService(CostStore store, TimeProvider time) : Minion.Contracts.Models.V1.CostService.CostServiceBase
{
    private const int DefaultLimit = 100;
    private const int MostRows = 1000;
    private const int LongestFilter = 200;

    public override async Task<QueryCostsResponse> QueryCosts(QueryCostsRequest request, ServerCallContext context)
    {
        var (tenant, token) = (context.GetCaller().Tenant, context.CancellationToken);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var (since, until) = Check(request, today);
        var user = Users.Principal(request.User);
        var limit = request.Limit == 0 ? DefaultLimit : request.Limit;
        var rows = request.Group == CostGroup.Run
            ? await store.ByRunAsync(tenant, AsTime(since), AsTime(until.AddDays(1)), limit, token)
            : await store.ByDayAsync(tenant, GroupName(request.Group), since, until, request.Agent, user, request.Model, limit, token);
        var total = Sum(await store.ByDayAsync(tenant, "tenant", since, until, request.Agent, user, request.Model, 1, token));
        return new QueryCostsResponse
        {
            Rows = { rows.Select(ToWire) },
            Total = ToWire(total),
            Since = Numbers.Text(since),
            Until = Numbers.Text(until),
            Forecast = await ForecastAsync(tenant, request, today, token),
        };
    }

    private static (DateOnly Since, DateOnly Until) Check(QueryCostsRequest request, DateOnly today)
    {
        var violations = new Violations();
        violations.Check(System.Enum.IsDefined(request.Group), "group", "is none of the groups.");
        violations.Check(request.Limit is >= 0 and <= MostRows, "limit", $"must be 0 to {MostRows}.");
        var since = Day(request.Since, "since", new DateOnly(today.Year, today.Month, 1), violations);
        var until = Day(request.Until, "until", since > today ? since : today, violations);
        violations.Check(since <= until, "until", "must not be before since.");
        violations.Check(request.Agent.Length <= LongestFilter, "agent", $"must have at most {LongestFilter} characters.");
        violations.Check(request.User.Length <= LongestFilter, "user", $"must have at most {LongestFilter} characters.");
        violations.Check(request.Model.Length <= LongestFilter, "model", $"must have at most {LongestFilter} characters.");
        violations.ThrowIfAny();
        return (since, until);
    }

    private static DateOnly Day(string text, string field, DateOnly otherwise, Violations violations)
    {
        if (text.Length == 0)
        {
            return otherwise;
        }

        var day = Numbers.Day(text);
        violations.Check(day is not null, field, $"'{Texts.Shorten(text)}' is not a day such as 2026-01-31.");
        return day ?? otherwise;
    }

    private static string GroupName(CostGroup group) => group == CostGroup.Unspecified ? "agent" : group.ToString().ToLowerInvariant();

    private static DateTimeOffset AsTime(DateOnly day) => new(day, default, TimeSpan.Zero);

    private async Task<Contracts.Models.V1.Forecast> ForecastAsync(string tenant, QueryCostsRequest request, DateOnly today, CancellationToken cancellationToken)
    {
        var days = await store.ByDayAsync(
            tenant, "day", Forecasts.NeededFrom(today), today, request.Agent, Users.Principal(request.User), request.Model, MostRows, cancellationToken);
        var forecast = Forecasts.ForMonth(days.ToDictionary(d => Numbers.Day(d.Key)!.Value, d => d.CostUsd), time.GetUtcNow());
        return new Contracts.Models.V1.Forecast
        {
            SpentUsd = Numbers.Text(forecast.Spent),
            ForecastUsd = Numbers.Text(forecast.Total),
            StartsOn = Numbers.Text(forecast.Starts),
            EndsOn = Numbers.Text(forecast.Ends),
        };
    }

    private static Row Sum(IReadOnlyList<Row> rows) => rows is [var one] ? one with { Key = "" } : new Row("", 0, 0, 0, 0, 0, 0, 0);

    private static Contracts.Models.V1.CostRow ToWire(Row row) => new()
    {
        Key = row.Key,
        Calls = row.Calls,
        Failed = row.Failed,
        InputTokens = row.InputTokens,
        CachedTokens = row.CachedTokens,
        OutputTokens = row.OutputTokens,
        ReasoningTokens = row.ReasoningTokens,
        CostUsd = Numbers.Text(row.CostUsd),
    };
}
