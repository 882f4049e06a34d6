using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Testing.Otlp.Wire;

namespace Minion.Testing.Otlp;

/// <summary>A collector that speaks OTLP over gRPC and over HTTP with protobuf, and keeps what it is sent.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly OtlpRecord _record;
    private ListenOptions? _grpc;
    private ListenOptions? _http;

    private OtlpCollector()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => (_grpc = listen).Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => (_http = listen).Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddLogging();
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<OtlpRecord>();
        _app = builder.Build();
        _record = _app.Services.GetRequiredService<OtlpRecord>();
        _app.MapGrpcService<TraceReceiver>();
        _app.MapGrpcService<MetricsReceiver>();
        _app.MapGrpcService<LogsReceiver>();
        MapHttp("/v1/traces", ExportTraceRequest.Parser, request => _record.Add(WireReading.Spans(request)));
        MapHttp("/v1/metrics", ExportMetricsRequest.Parser, request => _record.Add(WireReading.Metrics(request)));
        MapHttp("/v1/logs", ExportLogsRequest.Parser, request => _record.Add(WireReading.Logs(request)));
    }

    /// <summary>For OTEL_EXPORTER_OTLP_ENDPOINT with the protocol <c>grpc</c>.</summary>
    public string GrpcEndpoint => $"http://{_grpc!.IPEndPoint}";

    /// <summary>For OTEL_EXPORTER_OTLP_ENDPOINT with the protocol <c>http/protobuf</c>.</summary>
    public string HttpEndpoint => $"http://{_http!.IPEndPoint}";

    /// <summary>The spans so far, in the order of their arrival.</summary>
    public IReadOnlyList<RecordedSpan> Spans => _record.Spans;

    /// <summary>The points of metrics so far.</summary>
    public IReadOnlyList<RecordedMetric> Metrics => _record.Metrics;

    /// <summary>The log records so far.</summary>
    public IReadOnlyList<RecordedLog> Logs => _record.Logs;

    /// <summary>Starts a collector on two free ports of the loopback interface.</summary>
    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>The first span that is wanted, once it has arrived.</summary>
    public Task<RecordedSpan> SpanAsync(Func<RecordedSpan, bool> wanted) => WaitAsync(() => Spans, wanted);

    /// <summary>The first point of a metric that is wanted, once it has arrived.</summary>
    public Task<RecordedMetric> MetricAsync(Func<RecordedMetric, bool> wanted) => WaitAsync(() => Metrics, wanted);

    /// <summary>The first log record that is wanted, once it has arrived.</summary>
    public Task<RecordedLog> LogAsync(Func<RecordedLog, bool> wanted) => WaitAsync(() => Logs, wanted);

    /// <summary>Stops the collector.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<T> WaitAsync<T>(Func<IReadOnlyList<T>> all, Func<T, bool> wanted)
        where T : class
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        while (true)
        {
            var more = _record.More;
            var seen = all();
            if (seen.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"What was wanted did not arrive; {seen.Count} others did: {string.Join("; ", seen.TakeLast(20))}", e);
            }
        }
    }

    private void MapHttp<T>(string path, MessageParser<T> parser, Action<T> keep)
        where T : IMessage<T> =>
        _app.MapPost(path, async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            keep(parser.ParseFrom(body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
}
