using Minion.Crash.Load;

namespace Minion.Crash.Exhaustive;

/// <summary>A canonical run: what is asked, what must come of it, and what happens to it meanwhile.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Agent">Who is asked.</param>
/// <param name="Input">What is asked; of a text that no other run has.</param>
/// <param name="Answer">What must be answered.</param>
/// <param name="Calls">The texts of the calls that must have been made.</param>
internal sealed record Scenario(string Name, string Agent, Func<string, string> Input, Func<string, string> Answer, Func<string, string[]> Calls)
{
    /// <summary>It is a turn of a session.</summary>
    public bool InSession { get; init; }

    /// <summary>No person says whether a call may be made.</summary>
    public bool IsLeftAlone { get; init; }

    /// <summary>The client cancels it while it waits for a person.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>The server is asked to stop once the run has so many entries; 0 for never.</summary>
    public int StoppedAfter { get; init; }

    /// <summary>The server is killed here before, so that what is passed is its recovery; null for nowhere.</summary>
    public string? KilledFirstAt { get; init; }

    public Submission Submit(string id, string? session)
    {
        var text = $"n-{id}";
        return new Submission($"crash-{id}", Agent, Input(text), InSession ? session : null, Answer(text), Calls(text)) { IsCancelled = IsCancelled };
    }
}
