using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an entry point on a thread of its own, which stands still while the test works with the builder.</summary>
internal sealed class Takeover(Assembly assembly, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : EntryPointHook
{
    private readonly TaskCompletionSource<IDistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _app = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDistributedApplicationBuilder? _own;

    public async Task<IDistributedApplicationBuilder> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var entry = assembly.EntryPoint ?? throw new InvalidOperationException($"{assembly} has no entry point.");
        _ = Task.Factory.StartNew(() => Invoke(entry, args), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await _builder.Task.WaitAsync(cancellationToken);
    }

    public IDistributedApplicationBuilder Create(string[] args)
    {
        Current = this;
        try
        {
            return _own = new DistributedApplicationBuilder(args);
        }
        finally
        {
            Current = null;
        }
    }

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _goOn.TrySetResult();
        return _own?.Build() ?? await _app.Task.WaitAsync(cancellationToken);
    }

    public void Abandon() => _goOn.TrySetException(new OperationCanceledException("The test let go of the builder."));

    public override void Configure(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.Assembly = assembly;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.EnvironmentName ??= Environments.Development;
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection([new(Orchestrator.RandomizePorts, "true")]);
        configure(options, settings);
    }

    public override void Ready(IDistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _goOn.Task.GetAwaiter().GetResult();
    }

    public override void Built(DistributedApplication app) => _app.TrySetResult(app);

    private void Invoke(MethodInfo entry, string[] args)
    {
        Current = this;
        try
        {
            var result = entry.Invoke(null, entry.GetParameters().Length == 0 ? [] : [args]);
            (result as Task)?.GetAwaiter().GetResult();
            _builder.TrySetException(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (Exception e)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            _builder.TrySetException(cause);
            _app.TrySetException(cause);
        }
    }
}
