using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    internal const string ProjectPathMetadata = "AppHostProjectPath";
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(90);

    private readonly HostApplicationBuilder _host;
    private readonly ResourceCollection _resources = [];
    private readonly EntryPointHook? _hook = EntryPointHook.Current;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _hook?.Configure(options, settings);
        AppHostAssembly = options.Assembly
            ?? (options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly());
        var project = AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(m => m.Key == ProjectPathMetadata)?.Value;
        AppHostDirectory = project is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(project)!;
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        settings.ContentRootPath ??= Directory.Exists(AppHostDirectory) ? AppHostDirectory : AppContext.BaseDirectory;
        _host = new HostApplicationBuilder(settings);
        _host.Logging.AddSimpleConsole(console => console.SingleLine = true);
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        ExecutionContext = new DistributedApplicationExecutionContext(
            Configuration["AppHost:Operation"] is "publish" || Configuration["publisher"] is { Length: > 0 } || Configuration["operation"] is "publish"
                ? DistributedApplicationOperation.Publish
                : DistributedApplicationOperation.Run);
        AddServices(options);
    }

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources => _resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.TryGetByName(resource.Name, out var same))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{same.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _hook?.Ready(this);
        var app = new DistributedApplication(_host.Build(), runs: _hook is null);
        _hook?.Built(app);
        return app;
    }

    private void AddServices(DistributedApplicationOptions options)
    {
        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(new DistributedApplicationModel(_resources));
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(p => new ResourceNotificationService(
            p.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>(), p.GetRequiredService<IHostApplicationLifetime>()));
        Services.AddSingleton<ResourceLines>();
        Services.AddSingleton(p => new ResourceCommandService(p.GetRequiredService<Orchestrator>));
        Services.AddSingleton<DashboardProgram>();
        Services.AddSingleton<Orchestrator>();
        Services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        Services.AddHealthChecks();
        Services.AddHttpClient();
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        Services.Configure<ResourceNotificationServiceOptions>(waits => waits.DefaultWaitBehavior =
            options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
    }
}
