namespace Minion.Testing.Otlp;

/// <summary>A span that arrived. Ids are lower-case hex; lists in attributes are joined by commas.</summary>
public sealed record RecordedSpan(
    string Service, string Scope, string TraceId, string SpanId, string ParentSpanId, string Name, int Kind, bool IsError, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A point of a metric that arrived: the value, or for a histogram its count.</summary>
public sealed record RecordedMetric(string Service, string Scope, string Name, string Unit, double Value, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A log record that arrived.</summary>
public sealed record RecordedLog(
    string Service, string Category, string Severity, string Body, string TraceId, string SpanId, IReadOnlyDictionary<string, string> Attributes);
