using System.Collections.Concurrent;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools;
using Minion.Tools.Sources;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A kind of source whose settings name its tools: <c>{ tools: [...], key: … }</c>. The tools keep what they are called with.</summary>
internal sealed class KitSourceKind : IToolSourceKind
{
    public ConcurrentDictionary<string, RecordingTool> Tools { get; } = new();

    public string Kind => "kit";

    public IEnumerable<SourceProblem> Check(JsonElement settings) =>
        settings.TryGetProperty("tools", out _) ? [] : [new SourceProblem("/tools", "is missing: name the tools")];

    public IToolSource Create(SourceDefinition definition) => new KitSource(
        [.. definition.Settings.GetProperty("tools").EnumerateArray().Select(t => Tools.GetOrAdd($"{definition.Name}_{t.GetString()}", n => new RecordingTool(n, Effect.ReadOnly)))]);

    private sealed class KitSource(IReadOnlyList<ITool> tools) : IToolSource
    {
        public event EventHandler? Changed
        {
            add { }
            remove { }
        }

        public SourceHealth Health => new(Minion.Tools.Sources.SourceState.Ready);

        public ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult(tools);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
