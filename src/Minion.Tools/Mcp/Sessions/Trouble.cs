using Minion.Tools.Mcp.Calls;

namespace Minion.Tools.Mcp.Sessions;

/// <summary>What is wrong with a server, and for how long it is left alone because of it.</summary>
internal sealed class Trouble(TimeProvider time)
{
    private const int Longest = 1_000;
    private readonly Lock _lock = new();
    private readonly Pauses _pauses = new(time);
    private string _problem = "";

    /// <summary>Why it cannot be reached; empty when nothing is wrong.</summary>
    public string Problem
    {
        get
        {
            lock (_lock)
            {
                return _problem;
            }
        }
    }

    /// <summary>How long it is left alone still; null when it may be tried.</summary>
    public TimeSpan? Left
    {
        get
        {
            lock (_lock)
            {
                return _pauses.Left;
            }
        }
    }

    /// <summary>It has failed; gives the pause that follows.</summary>
    public TimeSpan Failed(string reason)
    {
        lock (_lock)
        {
            _problem = ServerText.Clean(reason, Longest);
            return _pauses.Next();
        }
    }

    /// <summary>It has answered a call.</summary>
    public void Over()
    {
        lock (_lock)
        {
            _pauses.Reset();
            _problem = "";
        }
    }
}
