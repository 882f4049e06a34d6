using System.Text;
using System.Text.Json;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Runs.LongTexts;

public sealed class LongTextRunTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const int Huge = 50_000_000;

    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(
        fixture.Database,
        "00:00:10",
        new BigTool("big", 20_000, resultLimit: 32 * 1024),
        new BigTool("huge", Huge, resultLimit: 1024));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_long_result_is_listed_by_its_beginning_and_read_in_full_when_asked()
    {
        var run = await RunAsync("big");

        var listed = (await EntriesAsync(run, full: false)).Single(e => e.Tool is not null);
        listed.Tool.Result.Length.ShouldBeLessThan(1_100);
        var text = listed.LongTexts.ShouldHaveSingleItem();
        text.Field.ShouldBe("result");
        text.Bytes.ShouldBeGreaterThan(20_000);
        var full = (await EntriesAsync(run, full: true)).Single(e => e.Tool is not null);
        full.Tool.Result.ShouldBe("{\"text\":\"" + new string('x', 20_000) + "\"}", StringCompareShould.IgnoreLineEndings);
        (await TextAsync(run, text.Hash)).ShouldBe(full.Tool.Result);
    }

    [Fact]
    public async Task A_result_of_50_MB_is_kept_aside_and_the_model_is_given_what_fits()
    {
        var run = await RunAsync("huge");

        run.Status.ShouldBe(RunStatus.Completed);
        var entry = (await EntriesAsync(run, full: true)).Single(e => e.Tool is not null);
        entry.Tool.Result.Length.ShouldBeLessThanOrEqualTo(1024);
        var whole = entry.LongTexts.ShouldHaveSingleItem();
        whole.Field.ShouldBe("whole_result");
        whole.Bytes.ShouldBe(Huge + "{\"text\":\"\"}".Length);
        Encoding.UTF8.GetByteCount(await TextAsync(run, whole.Hash)).ShouldBe((int)whole.Bytes);
    }

    [Fact]
    public async Task A_text_of_another_run_is_not_found()
    {
        var run = await RunAsync("big");
        var other = await RunAsync("huge");
        var hash = (await EntriesAsync(run, full: false)).Single(e => e.Tool is not null).LongTexts[0].Hash;

        (await Should.ThrowAsync<Grpc.Core.RpcException>(() => TextAsync(other, hash))).StatusCode.ShouldBe(Grpc.Core.StatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_with_long_texts_goes_on_in_another_process()
    {
        // It would take the run, and has not all of its tools.
        await _host.DisposeAsync();
        var gate = new GatedTool("gate", Effect.Idempotent);
        var database = fixture.Database;
        var first = await EngineHost.StartAsync(database, "00:00:10", new BigTool("big", 20_000, 32 * 1024), gate);
        var agent = await first.AgentAsync(
            """{"rules":[{"match":"go","sequence":true,"calls":[{"tool":"big","arguments":{}},{"tool":"gate","arguments":{}}],"say":"{{big.text}}"}],"otherwise":"?"}""",
            ["big", "gate"]);
        var run = await first.StartAsync(agent, "go");
        await Eventually.HoldsAsync(() => !gate.Keys.IsEmpty, "the second call");
        await first.DisposeAsync();
        gate.Open();

        await using var second = await EngineHost.StartAsync(database, "00:00:10", new BigTool("big", 20_000, 32 * 1024), gate);
        (await second.UntilAsync(run.Id, RunStatus.Completed, RunStatus.Failed)).Output.Length.ShouldBe(20_000);
    }

    private async Task<Run> RunAsync(string tool)
    {
        var agent = await _host.AgentAsync(
            $$$"""{"rules":[{"match":"go","calls":[{"tool":"{{{tool}}}","arguments":{}}],"say":"done"}],"otherwise":"?"}""", [tool]);
        return await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed, RunStatus.Failed);
    }

    private async Task<List<Entry>> EntriesAsync(Run run, bool full) =>
        [.. (await _host.Runs.ListEntriesAsync(new ListEntriesRequest { RunId = run.Id, Limit = 100, Full = full })).Entries];

    private async Task<string> TextAsync(Run run, string hash)
    {
        using var call = _host.History.ReadText(new ReadTextRequest { RunId = run.Id, Hash = hash });
        using var bytes = new MemoryStream();
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            call.ResponseStream.Current.Piece.WriteTo(bytes);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private sealed class BigTool(string name, int length, int resultLimit) : ITool
    {
        public ToolDescription Description { get; } = new()
        {
            Name = name,
            Version = "1",
            Description = "Gives much.",
            InputSchema = """{"type":"object"}""",
            OutputSchema = """{"type":"object"}""",
            Policy = new Tools.ToolPolicy(Effect.ReadOnly) { ResultLimit = resultLimit },
        };

        public ValueTask<ToolOutcome> InvokeAsync(Minion.Tools.ToolCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult<ToolOutcome>(new ToolResult(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["text"] = new('x', length) })));
    }
}
