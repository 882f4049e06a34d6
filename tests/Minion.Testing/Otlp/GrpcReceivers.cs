using Grpc.Core;
using Minion.Testing.Otlp.Wire;

namespace Minion.Testing.Otlp;

internal sealed class TraceReceiver(OtlpRecord record) : TraceService.TraceServiceBase
{
    public override Task<ExportTraceResponse> Export(ExportTraceRequest request, ServerCallContext context)
    {
        record.Add(WireReading.Spans(request));
        return Task.FromResult(new ExportTraceResponse());
    }
}

internal sealed class MetricsReceiver(OtlpRecord record) : MetricsService.MetricsServiceBase
{
    public override Task<ExportMetricsResponse> Export(ExportMetricsRequest request, ServerCallContext context)
    {
        record.Add(WireReading.Metrics(request));
        return Task.FromResult(new ExportMetricsResponse());
    }
}

internal sealed class LogsReceiver(OtlpRecord record) : LogsService.LogsServiceBase
{
    public override Task<ExportLogsResponse> Export(ExportLogsRequest request, ServerCallContext context)
    {
        record.Add(WireReading.Logs(request));
        return Task.FromResult(new ExportLogsResponse());
    }
}
