using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Supervision;

/// <summary>
/// A process under a shell that holds one end of a pipe: when the other end closes, because this program asks for it or dies in whatever
/// way, the process is told to end, and after a while made to. It has a session of its own, so that Ctrl-C in the terminal does not
/// reach it: its end is in the order of the dependencies.
/// </summary>
internal sealed class SupervisedProcess : IAsyncDisposable
{
    private const int Kill = 9;

    /// <summary>How long a process has to end, in seconds; a service drains meanwhile.</summary>
    private const int Grace = 45;

    private const string Script =
        """
        grace=$1
        shift
        exec 3<&0 </dev/null
        "$@" 3<&- &
        child=$!
        echo $child
        {
          read -r line <&3
          kill -s TERM $child
          while [ "$grace" -gt 0 ] && kill -s 0 $child; do sleep 1; grace=$((grace - 1)); done
          kill -s KILL $child
        } >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait $child
        code=$?
        kill $watch 2>/dev/null
        exit $code
        """;

    private readonly Process _shell;
    private readonly Task _output;

    private SupervisedProcess(Process shell, int id, Action<string> line)
    {
        _shell = shell;
        Id = id;
        _output = Task.WhenAll(PassOnAsync(shell.StandardOutput, line), PassOnAsync(shell.StandardError, line));
        Exited = WaitAsync();
    }

    public int Id { get; }

    /// <summary>The exit code, when the process has ended and what it wrote was passed on.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="DistributedApplicationException">It cannot be started.</exception>
    public static async Task<SupervisedProcess> StartAsync(ProcessSpec spec, Action<string> line, CancellationToken cancellationToken)
    {
        var program = ProcessSpec.Find(spec.Program)
            ?? throw new DistributedApplicationException($"The program '{spec.Program}' was not found.");
        Process? shell;
        try
        {
            shell = Process.Start(StartInfo(program, spec));
        }
        catch (Win32Exception e)
        {
            throw new DistributedApplicationException($"The program '{program}' could not be started: {e.Message}", e);
        }

        var first = await shell!.StandardOutput.ReadLineAsync(cancellationToken);
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new SupervisedProcess(shell, id, line)
            : throw new DistributedApplicationException($"The program '{program}' could not be started: {first}{await shell.StandardError.ReadToEndAsync(cancellationToken)}");
    }

    /// <summary>Tells the process to end; <see cref="Exited"/> says when it has.</summary>
    public void AskToStop()
    {
        lock (_shell)
        {
            _shell.StandardInput.Close();
        }
    }

    public void KillNow() => _ = NativeKill(Id, Kill);

    public async ValueTask DisposeAsync()
    {
        AskToStop();
        await Exited;
        _shell.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, ProcessSpec spec)
    {
        var session = Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists);
        var start = new ProcessStartInfo(session ?? "/bin/sh")
        {
            WorkingDirectory = spec.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] shell = session is null ? [] : ["/bin/sh"];
        foreach (var argument in shell.Concat(["-c", Script, "sh", $"{Grace}", program]).Concat(spec.Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in ProcessSpec.NotInherited)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in spec.Variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task PassOnAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            line(text);
        }
    }

    private async Task<int> WaitAsync()
    {
        await _shell.WaitForExitAsync();

        // What the process itself started may hold its output open for longer than it lives.
        await _output.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _shell.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int NativeKill(int process, int signal);
}
