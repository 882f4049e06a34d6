namespace Minion.Crash.Exhaustive;

/// <summary>The canonical runs. A new behaviour has one here.</summary>
internal static class Scenarios
{
    private static readonly Func<string, string[]> Working = text => [$"{text}-r", $"{text}-p", $"{text}-a"];

    /// <summary>Those whose runs start others.</summary>
    public static IReadOnlyList<Scenario> Teams { get; } =
    [
        new("delegate", "canonical-delegate", t => $"delegate {t}", t => $"delegated {t}", t => [$"{t}-a", $"{t}-b"]),
        new("director", "canonical-director", t => $"direct {t}", t => $"directed {t}", t => [$"{t}-a", $"{t}-b", $"{t}-c"]),
        new("plan-execute", "canonical-planner", t => $"plan {t}", t => $"planned {t}", t => [$"{t}-a", $"{t}-b"]),
        new("pipeline", "canonical-pipeline", t => $"add {t}-a", t => $"piped {t}", t => [$"{t}-a", $"{t}-b"]),
        new("reviewer", "canonical-reviewer", t => $"draft {t}", t => $"final {t}", t => [$"{t}-a"]),
        new("router", "canonical-router", t => $"add {t}-a", t => $"added {t}-a", t => [$"{t}-a"]),
        new("debate", "canonical-debate", t => $"add {t}-a", t => $"added {t}-a", t => [$"{t}-a", $"{t}-b", $"{t}-c"]),
        new("flow", "canonical-flow", t => t, t => $"flowed {t}", t => [$"{t}-a", $"{t}-b", $"{t}-c", $"{t}-d"]),
    ];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("react", "canonical-asking", t => $"work {t}", t => $"worked {t}", Working),
        new("direct", "canonical-direct", t => $"say {t}", _ => "Nothing to do.", _ => []),
        new("together", "canonical-react", t => $"together {t}", t => $"did together {t}", t => [$"{t}-a", $"{t}-b", $"{t}-c"]),
        new("session", "canonical-react", t => $"work {t}", t => $"worked {t}", Working) { InSession = true },
        new("cancel", "canonical-asking", t => $"work {t}", t => $"worked {t}", _ => []) { IsCancelled = true, IsLeftAlone = true },
        new("expiry", "canonical-hurried", t => $"work {t}", t => $"worked {t}", Working) { IsLeftAlone = true },
        new("drain", "canonical-slow", t => $"slowly {t}", t => $"did it slowly word by word {t}", t => [$"{t}-r", $"{t}-a", $"{t}-s"]) { StoppedAfter = 3 },
        new("recovery", "canonical-react", t => $"work {t}", t => $"worked {t}", Working) { KilledFirstAt = "append.after.intent:1" },
        .. Teams,
    ];
}
