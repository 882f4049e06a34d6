namespace Minion.Tools.Browser;

/// <summary>A call's hold on the pages of its run.</summary>
internal sealed class BrowserHold(BrowserSession session, TimeProvider time) : IDisposable
{
    public BrowserSession Session { get; } = session;

    public void Dispose()
    {
        Session.LastUsed = time.GetTimestamp();
        Session.Lock.Release();
    }
}
