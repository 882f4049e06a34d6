namespace Minion.ServiceDefaults.Callers;

/// <summary>What a path or a host name means for who may call.</summary>
internal static class Paths
{
    public const string Health = "/health";
    public const string Alive = "/alive";
    public const string Ready = "/ready";
    public const string Metrics = "/metrics";
    private const string GrpcHealth = "/grpc.health.v1.Health/";
    private const string Package = "/minion.";

    /// <summary>Whether probes ask here; they carry no key.</summary>
    public static bool IsHealth(string path) => path is Health or Alive or Ready || path.StartsWith(GrpcHealth, StringComparison.Ordinal);

    /// <summary>The service that a gRPC path calls: <c>tools</c> for <c>/minion.tools.v1.ToolService/CallTool</c>; empty for other paths.</summary>
    public static string Audience(string path)
    {
        if (!path.StartsWith(Package, StringComparison.Ordinal))
        {
            return "";
        }

        var rest = path.AsSpan(Package.Length);
        var dot = rest.IndexOf('.');
        return dot > 0 ? rest[..dot].ToString() : "";
    }

    /// <summary>As a client of this machine writes it; other spellings of the same address are nobody's habit but an attacker's.</summary>
    public static bool IsLoopbackName(string host) =>
        host is "127.0.0.1" or "[::1]" || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);
}
