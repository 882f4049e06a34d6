namespace Minion.Cli;

/// <summary>What the process ends with; also in <c>minion --help</c> and the README.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>What was asked for did not succeed: the run failed, a check of the doctor failed, the server did not start.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    public const int Unreachable = 3;

    /// <summary>The server answered that it will not: invalid request, unknown name, no permission.</summary>
    public const int Refused = 4;

    /// <summary>The run waits for a person's answer, and nobody is there to ask.</summary>
    public const int Waits = 5;

    public const int AlreadyRunning = 6;

    /// <summary>Ctrl-C, as shells count it (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    public const string Help = """
        Exit codes:
          0 ok   1 failed   2 usage   3 the server cannot be reached   4 refused by the server
          5 the run waits for an answer   6 the server runs already   130 interrupted
        """;
}
