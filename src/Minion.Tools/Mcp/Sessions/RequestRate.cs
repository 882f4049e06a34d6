namespace Minion.Tools.Mcp.Sessions;

/// <summary>How many requests of a server are answered: 100 a second. Only the thread that reads the connection uses it.</summary>
internal sealed class RequestRate(TimeProvider time)
{
    private const int Most = 100;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private long _since = time.GetTimestamp();
    private int _count;

    public bool Admit()
    {
        if (time.GetElapsedTime(_since) >= Window)
        {
            (_since, _count) = (time.GetTimestamp(), 0);
        }

        return ++_count <= Most;
    }
}
