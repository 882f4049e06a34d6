namespace Minion.Tools.Sources.Http;

/// <summary>One HTTP API whose operations are written down by hand: they only change when the source is declared anew.</summary>
internal sealed class HttpSource : IToolSource
{
    private readonly HttpService _service;
    private readonly IReadOnlyList<ITool> _tools;

    public HttpSource(string name, HttpSettings settings, HttpService service)
    {
        _service = service;
        var names = ToolNames.Of(name, settings.Operations.Select(operation => operation.Id));
        _tools = [.. settings.Operations.Select(operation => new HttpOperationTool(names[operation.Id], operation, settings.Url!, "http", service))];
    }

    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    public SourceHealth Health { get; } = new(SourceState.Ready);

    public ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_tools);

    public ValueTask DisposeAsync()
    {
        _service.Dispose();
        return ValueTask.CompletedTask;
    }
}
