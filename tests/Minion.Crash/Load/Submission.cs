using Minion.Crash.Exhaustive;

namespace Minion.Crash.Load;

/// <summary>One run that is asked for, and what must have come of it when it is completed.</summary>
/// <param name="Calls">The texts of the calls that must have been made.</param>
internal sealed record Submission(string RequestId, string Agent, string Input, string? SessionId, string Answer, IReadOnlyList<string> Calls)
{
    private const int Together = 4;

    /// <summary>A watcher follows it.</summary>
    public bool IsWatched { get; private init; }

    /// <summary>The client cancels it soon.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>The client does not notice the acknowledgement and asks again.</summary>
    public bool IsRepeated { get; private init; }

    /// <summary>The run with a number: the same for the same seed.</summary>
    public static Submission Number(int number, int seed, IReadOnlyList<string> sessions)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        return Of(number, seed, sessions, random) with
        {
            IsWatched = random.Next(3) == 0,
            IsRepeated = random.Next(10) == 0,
            IsCancelled = random.Next(20) == 0,
        };
    }

    private static Submission Of(int number, int seed, IReadOnlyList<string> sessions, Random random)
    {
        var session = random.Next(4) == 0 ? sessions[random.Next(sessions.Count)] : null;
        var request = $"crash-{seed}-{number}";
        var note = $"n-{seed}-{number}";
        switch (random.Next(9))
        {
            case 0 or 1:
                var (a, b, c) = (random.Next(1, 1_000), random.Next(1, 1_000), random.Next(1, 1_000));
                var answer = $"The first sum is {a + b} and that many times the third number is {(a + b) * c} so that one less makes {((a + b) * c) - 1}";
                return new Submission(request, ClusterText.Reader, $"sum {a} {b} {c}", session, answer, []);
            case 2 or 3:
                string[] chained = [.. "r0p1".Select(c => $"{note}-{c}")];
                return new Submission(request, ClusterText.Writer, $"chain {note}", session, $"chained {note} one after the other", chained);
            case 4:
                return new Submission(request, ClusterText.Asker, $"keep {note}-0", session, $"kept {note}-0", [$"{note}-0"]);
            case 5 or 6:
                var team = Scenarios.Teams[random.Next(Scenarios.Teams.Count)];
                return new Submission(request, team.Agent, team.Input(note), null, team.Answer(note), team.Calls(note));
            case 7:
                return new Submission(request, ClusterText.Herald, $"tell {note}", session, $"told {note}", []);
            default:
                string[] together = [.. Enumerable.Range(0, Together).Select(i => $"{note}-{i}")];
                return new Submission(
                    request,
                    ClusterText.Writer,
                    string.Join(", ", together.Select(n => $"keep {n}")),
                    session,
                    string.Join(' ', together.Select(n => $"kept {n}")),
                    together);
        }
    }
}
