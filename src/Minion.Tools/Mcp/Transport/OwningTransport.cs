using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Transport;

/// <summary>A transport that takes what it was made with to its end.</summary>
internal sealed class OwningTransport(ITransport inner, IAsyncDisposable owned) : ITransport
{
    public string? SessionId => inner.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader => inner.MessageReader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => inner.SendMessageAsync(message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await owned.DisposeAsync();
    }
}
