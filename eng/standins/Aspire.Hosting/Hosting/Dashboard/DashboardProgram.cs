using System.Security.Cryptography;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The Aspire dashboard, from the Aspire CLI of this machine (<c>aspire dashboard run</c>), and what processes need to know to send their
/// telemetry there. Without the CLI everything else goes on.
/// </summary>
internal sealed class DashboardProgram(
    DistributedApplicationOptions options, IConfiguration configuration, IHostEnvironment environment, ILogger<DashboardProgram> logger) : IAsyncDisposable
{
    private const string DefaultUrl = "http://localhost:18888";
    private const string DefaultOtlpUrl = "http://localhost:18889";
    private SupervisedProcess? _process;
    private readonly string _key = configuration["AppHost:OtlpApiKey"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);

    public bool IsRunning => _process is { Exited.IsCompleted: false };

    private string? Configured => configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.DisableDashboard)
        {
            return;
        }

        if (AspireCli.Find(configuration["PATH"], Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) is not { } cli)
        {
            logger.NoDashboard("the Aspire CLI is neither on PATH nor in ~/.aspire/bin, ~/.dotnet/tools or ~/.minion/tools (npm install --prefix ~/.minion/tools @microsoft/aspire-cli).");
            return;
        }

        var url = configuration["ASPNETCORE_URLS"]?.Split(';')[^1] ?? DefaultUrl;
        var token = configuration["AppHost:BrowserToken"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = url,
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Configured ?? DefaultOtlpUrl,
            ["Dashboard__ApplicationName"] = environment.ApplicationName,
            ["Dashboard__Frontend__AuthMode"] = "BrowserToken",
            ["Dashboard__Frontend__BrowserToken"] = token,
            ["Dashboard__Otlp__AuthMode"] = "ApiKey",
            ["Dashboard__Otlp__PrimaryApiKey"] = _key,
        };
        try
        {
            _process = await SupervisedProcess.StartAsync(
                new ProcessSpec(cli, ["dashboard", "run", "--frontend-url", url, "--otlp-grpc-url", Configured ?? DefaultOtlpUrl], variables, Path.GetTempPath()),
                line => logger.ResourceLine($"dashboard | {line}"),
                cancellationToken);
            logger.Dashboard($"{url}/login?t={token}");
        }
        catch (DistributedApplicationException e)
        {
            logger.NoDashboard(e.Message);
        }
    }

    /// <summary>Adds the variables with which OpenTelemetry sends everything to the dashboard; to a collector that is configured, when there is none.</summary>
    public void AddExport(Dictionary<string, string> variables, string service, string instance)
    {
        var endpoint = IsRunning ? Configured ?? DefaultOtlpUrl : options.DisableDashboard ? Configured : null;
        if (endpoint is null)
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance}";
        variables["OTEL_SERVICE_NAME"] = service;
        if (IsRunning || configuration["AppHost:OtlpApiKey"] is not null)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={_key}";
        }

        if (environment.IsDevelopment())
        {
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }
}
