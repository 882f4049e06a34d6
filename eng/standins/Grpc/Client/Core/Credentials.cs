namespace Grpc.Core;

/// <summary>How a channel is secured: not at all, or by TLS.</summary>
public abstract class ChannelCredentials
{
    /// <summary>HTTP/2 without TLS.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS with the default trust.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    private sealed class InsecureCredentials : ChannelCredentials;
}

/// <summary>TLS with the default trust.</summary>
public sealed class SslCredentials : ChannelCredentials;
