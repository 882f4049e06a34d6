using System.Collections.Concurrent;
using System.Text.Json;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests;

/// <summary>A kind of source whose sources offer what a test says.</summary>
internal sealed class FakeSourceKind : IToolSourceKind
{
    public ConcurrentDictionary<string, FakeSource> Made { get; } = new();

    /// <summary>What sources offer unless told otherwise; by the source's name.</summary>
    public Func<string, IReadOnlyList<ITool>> Offered { get; set; } = name => [FakeTool.Ok(FakeTool.Describe($"{name}_echo"))];

    public string Kind => "fake";

    public IEnumerable<SourceProblem> Check(JsonElement settings) =>
        settings.TryGetProperty("wrong", out _) ? [new SourceProblem("/wrong", "is not allowed")] : [];

    public IToolSource Create(SourceDefinition definition) => Made[definition.Name] = new FakeSource(() => Offered(definition.Name));
}

/// <summary>A source that offers what a test says.</summary>
internal sealed class FakeSource(Func<IReadOnlyList<ITool>> offered) : IToolSource
{
    private Func<IReadOnlyList<ITool>> _offered = offered;

    public event EventHandler? Changed;

    public bool Ended { get; private set; }

    public SourceHealth Health { get; private set; } = new(SourceState.Idle);

    public ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken)
    {
        var tools = _offered();
        Health = new SourceHealth(SourceState.Ready);
        return new(tools);
    }

    public void Offer(Func<IReadOnlyList<ITool>> offered)
    {
        _offered = offered;
        Changed?.Invoke(this, EventArgs.Empty);
    }

    public ValueTask DisposeAsync()
    {
        Ended = true;
        return ValueTask.CompletedTask;
    }
}
