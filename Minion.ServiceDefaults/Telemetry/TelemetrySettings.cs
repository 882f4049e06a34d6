using Microsoft.Extensions.Configuration;
using OpenTelemetry.Resources;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>What is collected, for whom. Everything else is OpenTelemetry's own environment variables (OTEL_…), which its SDK reads.</summary>
internal sealed record TelemetrySettings(string ServiceName, string? ServiceVersion, string? Endpoint)
{
    public static readonly string[] Sources = [TelemetryNames.Source, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    public static readonly string[] Meters = [TelemetryNames.Source, "Microsoft.AspNetCore*", "System.Net.Http", "Npgsql", "System.Runtime"];

    private static readonly string[] EndpointKeys =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    public bool Exports => Endpoint is not null;

    public static TelemetrySettings From(string serviceName, IConfiguration configuration) => new(
        configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : serviceName,
        typeof(TelemetrySettings).Assembly.GetName().Version?.ToString(3),
        EndpointKeys.Select(key => configuration[key]).FirstOrDefault(value => !string.IsNullOrEmpty(value)));

    /// <summary>OTEL_RESOURCE_ATTRIBUTES add to it.</summary>
    public void Describe(ResourceBuilder resource) =>
        resource.AddService(ServiceName, serviceVersion: ServiceVersion).AddEnvironmentVariableDetector();
}
