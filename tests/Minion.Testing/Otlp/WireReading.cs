using System.Globalization;
using Google.Protobuf;
using Minion.Testing.Otlp.Wire;

namespace Minion.Testing.Otlp;

/// <summary>From what came over the wire to what tests look at.</summary>
internal static class WireReading
{
    public static IEnumerable<RecordedSpan> Spans(ExportTraceRequest request) =>
        from resource in request.Resources
        from scope in resource.Scopes
        from span in scope.Spans
        select new RecordedSpan(
            Service(resource.Resource), scope.Scope?.Name ?? "", Hex(span.TraceId), Hex(span.SpanId), Hex(span.ParentSpanId),
            span.Name, span.Kind, span.Status?.Code == 2, Attributes(span.Attributes));

    public static IEnumerable<RecordedMetric> Metrics(ExportMetricsRequest request) =>
        from resource in request.Resources
        from scope in resource.Scopes
        from metric in scope.Metrics
        from point in Points(metric)
        select new RecordedMetric(Service(resource.Resource), scope.Scope?.Name ?? "", metric.Name, metric.Unit, point.Value, Attributes(point.Attributes));

    public static IEnumerable<RecordedLog> Logs(ExportLogsRequest request) =>
        from resource in request.Resources
        from scope in resource.Scopes
        from record in scope.Records
        select new RecordedLog(
            Service(resource.Resource), scope.Scope?.Name ?? "", record.Severity, Text(record.Body), Hex(record.TraceId), Hex(record.SpanId),
            Attributes(record.Attributes));

    private static IEnumerable<(double Value, IEnumerable<Wire.Attribute> Attributes)> Points(Metric metric) =>
    [
        .. (metric.Gauge?.Points ?? []).Concat(metric.Sum?.Points ?? []).Select(p => (p.Number + p.Integer, p.Attributes.AsEnumerable())),
        .. (metric.Histogram?.Points ?? []).Select(p => ((double)p.Count, p.Attributes.AsEnumerable())),
    ];

    private static string Service(Resource? resource) =>
        resource is null ? "" : Attributes(resource.Attributes).GetValueOrDefault("service.name", "");

    private static Dictionary<string, string> Attributes(IEnumerable<Wire.Attribute> attributes) =>
        attributes.ToDictionary(a => a.Key, a => Text(a.Value));

    private static string Text(Value? value) => value?.KindCase switch
    {
        Value.KindOneofCase.Text => value.Text,
        Value.KindOneofCase.Flag => value.Flag ? "true" : "false",
        Value.KindOneofCase.Integer => value.Integer.ToString(CultureInfo.InvariantCulture),
        Value.KindOneofCase.Number => value.Number.ToString(CultureInfo.InvariantCulture),
        Value.KindOneofCase.List => string.Join(",", value.List.Values_.Select(Text)),
        _ => "",
    };

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
