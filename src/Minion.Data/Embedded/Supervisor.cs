using System.Diagnostics;
using System.Globalization;

namespace Minion.Data.Embedded;

/// <summary>
/// A shell that starts PostgreSQL in a session of its own (so that Ctrl-C in the terminal does not reach it) and holds one end of a
/// pipe: when the other end closes, because this process asks for it or dies in whatever way, PostgreSQL is told to stop.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private const string Script =
        """
        signal=$1 log=$2 remove=$3
        shift 3
        exec 3<&0 </dev/null
        "$@" >>"$log" 2>&1 3<&- &
        server=$!
        echo $server
        exec >/dev/null 2>&1
        { read -r line <&3; kill -s $signal $server; } &
        watch=$!
        exec 3<&-
        wait $server
        code=$?
        kill $watch
        if [ -n "$remove" ]; then rm -rf "$remove"; fi
        exit $code
        """;

    private readonly Process _shell;

    private Supervisor(Process shell, int server)
    {
        _shell = shell;
        Server = server;
        Exited = _shell.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>The process id of PostgreSQL.</summary>
    public int Server { get; }

    /// <summary>Completes when PostgreSQL, or the shell, has ended.</summary>
    public Task Exited { get; }

    public static async Task<Supervisor> StartAsync(
        ServerAccount? account, IReadOnlyList<string> server, string log, string? remove, CancellationToken cancellationToken)
    {
        var signal = remove is null ? "INT" : "QUIT";
        var shell = Process.Start(Command.Start(
            [.. Session(), .. account?.Prefix() ?? [], "/bin/sh", "-c", Script, "sh", signal, log, remove ?? "", .. server]))!;
        var line = await shell.StandardOutput.ReadLineAsync(cancellationToken);
        if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return new Supervisor(shell, id);
        }

        var errors = await shell.StandardError.ReadToEndAsync(cancellationToken);
        shell.Dispose();
        throw new IOException($"PostgreSQL could not be started: {line} {Command.LastLines(errors)}");
    }

    /// <summary>Asks PostgreSQL to stop; <see cref="Exited"/> tells when it has.</summary>
    public void AskToStop() => _shell.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        AskToStop();
        await Exited;
        _shell.Dispose();
    }

    /// <summary>Systems without the program (macOS) go without the session.</summary>
    private static string[] Session() => Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists) is { } setsid ? [setsid] : [];
}
