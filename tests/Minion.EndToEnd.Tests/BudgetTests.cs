using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Minion.EndToEnd.Tests.Programs;
using Minion.Testing.Database;
using Minion.Testing.OpenAi;

namespace Minion.EndToEnd.Tests;

/// <summary>Two servers on one database keep to one budget.</summary>
public sealed class BudgetTests : IAsyncLifetime
{
    private const string Prices = """
        models:
          - { provider: openai, model: gpt-5-mini, max_output: 1, price: { input: 0, output: 1000000 } }
        """;

    private readonly string _prices = Path.Combine(Path.GetTempPath(), $"prices-{Guid.NewGuid():n}.yaml");
    private readonly TaskCompletionSource _release = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private FakeOpenAi _endpoint = null!;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_prices, Prices);
        _database = await TestDatabase.CreateEmptyAsync();
        _endpoint = await FakeOpenAi.StartAsync();
        _endpoint.Otherwise = async exchange =>
        {
            await _release.Task.WaitAsync(exchange.Context.RequestAborted);
            await Replies.Answer(new FakeAnswer { Text = "x", InputTokens = 0, OutputTokens = 1 })(exchange);
        };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _endpoint.DisposeAsync();
        await _database.DisposeAsync();
        File.Delete(_prices);
    }

    [Fact]
    public async Task A_hundred_calls_to_two_servers_let_forty_through_and_what_a_killed_one_held_is_given_back()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        (await first.RunAsync("budget", "set", "40", "--period", "total")).ExitCode.ShouldBe(0);

        var atFirst = Enumerable.Range(0, 50).Select(_ => AskAsync(first)).ToList();
        var atSecond = Enumerable.Range(0, 50).Select(_ => AskAsync(second)).ToList();
        await Eventually.HoldsAsync(
            () => _endpoint.Requests.Count + atFirst.Concat(atSecond).Count(c => c.IsCompleted) >= 100,
            () => $"{_endpoint.Requests.Count} calls were sent, {atFirst.Concat(atSecond).Count(c => c.IsCompleted)} have ended.");

        _endpoint.Requests.Count.ShouldBe(40);
        var heldBySecond = atSecond.Count(c => !c.IsCompleted);
        heldBySecond.ShouldBeInRange(0, 40);
        (await ReservedAsync(second)).ShouldBe(40);

        await first.KillServerAsync();
        await Eventually.HoldsAsync(async () => await ReservedAsync(second) == heldBySecond, "What the dead server had reserved was not given back.");

        _release.SetResult();
        (await Task.WhenAll(atSecond)).Count(s => s == HttpStatusCode.OK).ShouldBe(heldBySecond);
        (await AskAsync(second)).ShouldBe(heldBySecond < 40 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        var costs = await second.RunAsync("cost", "--by", "model", "--output", "csv");
        costs.Out.ShouldContain("openai/gpt-5-mini," + (heldBySecond < 40 ? heldBySecond + 1 : 40).ToString(CultureInfo.InvariantCulture));
    }

    private async Task<Installation> StartAsync()
    {
        var installation = Installation.Create(
            ("MINION_MODELS_FILE", _prices), ("OPENAI_API_KEY", "test"), ("OPENAI_BASE_URL", _endpoint.Url),
            ("Models__Costs__Heartbeat", "00:00:00.5"), ("Models__Costs__Lease", "00:00:15"));
        foreach (var (name, value) in _database.Environment)
        {
            installation.Environment[name] = value!;
        }

        var up = await installation.UpAsync();
        up.ExitCode.ShouldBe(0, up.ToString());
        return installation;
    }

    private async Task<HttpStatusCode> AskAsync(Installation installation)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(
                new Uri($"{installation.Note!.Http}/v1/chat/completions"),
                new { model = "openai/gpt-5-mini", messages = new[] { new { role = "user", content = "hi" } } });
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.BadGateway;
        }
    }

    private static async Task<decimal> ReservedAsync(Installation installation)
    {
        var list = await installation.JsonAsync("budget", "list");
        var uses = list["budgets"]!.AsArray().ShouldHaveSingleItem()!["uses"]!.AsArray();
        return uses.Count == 0 ? 0 : decimal.Parse(uses[0]!["reserved"]!.GetValue<string>(), CultureInfo.InvariantCulture);
    }
}
