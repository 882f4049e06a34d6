using Minion.Tools.Network;
using Minion.Tools.Sources.Http;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>One API with its description, which is read when it is first needed and again when it is old.</summary>
internal sealed class OpenApiSource(
    string name, OpenApiSettings settings, OpenApiFetching fetching, AddressGuard guard, TenantSecrets secrets, TimeProvider time) : IToolSource
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly List<HttpService> _services = [];
    private IReadOnlyList<ITool>? _tools;
    private string _text = "";
    private ITimer? _timer;

    public event EventHandler? Changed;

    public SourceHealth Health { get; private set; } = new(SourceState.Idle);

    public async ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_tools is null)
            {
                await ReadAsync(cancellationToken);
                _timer = settings.Document.Length > 0 ? null : time.CreateTimer(_ => _ = RefreshAsync(), state: null, settings.Refresh, settings.Refresh);
            }

            return _tools!;
        }
        finally
        {
            _one.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        _services.ForEach(service => service.Dispose());
        return ValueTask.CompletedTask;
    }

    private async Task RefreshAsync()
    {
        var before = _tools;
        await _one.WaitAsync(CancellationToken.None);
        try
        {
            await ReadAsync(CancellationToken.None);
        }
        finally
        {
            _one.Release();
        }

        if (!ReferenceEquals(before, _tools))
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = await fetching.ReadAsync(settings, cancellationToken);
            if (_tools is null || text != _text)
            {
                _tools = Tools(OpenApiContent.Read(text, settings, settings.Url));
                _text = text;
            }

        }
        catch (ToolSourceException exception)
        {
            // What was good stays so until there is something better.
            Health = new SourceHealth(SourceState.Failing, exception.Message);
            if (_tools is null)
            {
                throw;
            }
        }
    }

    private List<ITool> Tools(OpenApiContent content)
    {
        var operations = content.Operations.Operations;
        var hosts = operations.Select(operation => HostPattern.Of(operation.Server!)).DistinctBy(host => host.ToString(), StringComparer.Ordinal).ToList();
        var service = new HttpService(
            settings.Service with { Authentication = content.Authentication }, guard.Permitting(Declared()).OnlyTo(hosts), secrets);
        _services.Add(service);
        var names = ToolNames.Of(name, operations.Select(operation => operation.Id));
        var leftOut = content.Operations.LeftOut;
        Health = new SourceHealth(
            SourceState.Ready,
            leftOut.Count == 0 ? "" : $"{leftOut.Count} of {leftOut.Count + operations.Count} operations are left out: {string.Join("; ", leftOut.Take(5))}.");
        return [.. operations.Select(operation => new HttpOperationTool(names[operation.Id], operation, operation.Server!, "http", service, Place(operation)))];
    }

    // Arguments and secrets go there: a description that leads elsewhere than before needs approval again.
    private static string Place(HttpOperation operation) => $"{operation.Method} {operation.Server}{operation.Path}";

    // A private host counts as declared only where an administrator wrote it, not where a description says it.
    private IEnumerable<HostPattern> Declared() => new[] { settings.Server, settings.Url }.OfType<Uri>().Select(HostPattern.Of);
}
