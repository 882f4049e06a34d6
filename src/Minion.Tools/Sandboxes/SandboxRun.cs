using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Minion.Tools.Sandboxes.Limits;
using Minion.Tools.Sandboxes.Output;

namespace Minion.Tools.Sandboxes;

/// <summary>One sandbox while it runs: its input and outputs, its watchdog, its end.</summary>
internal sealed class SandboxRun
{
    private const int Killed = 128 + 9;
    private const int UsedUpItsTime = 128 + 24; // SIGXCPU

    private readonly SandboxOptions _options;
    private readonly Process _process;
    private readonly ControlGroup? _group;
    private readonly SandboxCommand _command;
    private readonly Watchdog _watchdog;
    private readonly OutputReader _output;
    private readonly OutputReader _error;

    public SandboxRun(SandboxOptions options, Process process, ControlGroup? group, SandboxCommand command, TimeProvider time)
    {
        (_options, _process, _group, _command) = (options, process, group, command);
        _watchdog = new Watchdog(options, process.Id, group, time);
        _output = Reader(isError: false);
        _error = Reader(isError: true);
    }

    /// <summary>Waits for the end of everything in it.</summary>
    /// <param name="afterTheEnd">How long outputs may stay open after the process has ended.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WaitAsync(TimeSpan afterTheEnd, CancellationToken cancellationToken)
    {
        using var closing = new CancellationTokenSource();
        await using var cancelled = cancellationToken.Register(() => _watchdog.Stop(why: null));
        var exited = _process.WaitForExitAsync(CancellationToken.None);
        var reading = Task.WhenAll(
            _output.ReadAsync(_process.StandardOutput.BaseStream, closing.Token), _error.ReadAsync(_process.StandardError.BaseStream, closing.Token));
        var writing = WriteAsync();
        await _watchdog.WatchAsync(_command.Timeout ?? TimeSpan.FromSeconds(_options.TimeoutSeconds), exited);
        await exited;
        closing.CancelAfter(afterTheEnd);
        await reading;
        await writing;
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>What came of it.</summary>
    /// <param name="status">The file that bubblewrap wrote.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox could not be made.</exception>
    public SandboxResult Result(string status)
    {
        var exit = _watchdog.End is null ? ExitCode(status) : null;
        if (_watchdog.End is null && exit is null && _group?.RanOutOfMemory() != true)
        {
            throw new SandboxUnavailableException(
                $"Code of agents is off: the sandbox could not be made. {FirstLine(_error.Text)}".TrimEnd(),
                "The machine, or the container that the tool service runs in, must allow unprivileged user namespaces; see docs/sandbox.md.");
        }

        return new SandboxResult
        {
            End = _watchdog.End ?? (exit switch
            {
                UsedUpItsTime => SandboxEnd.OutOfCpu,
                null or Killed when _group?.RanOutOfMemory() == true => SandboxEnd.OutOfMemory,
                _ => SandboxEnd.Exited,
            }),
            ExitCode = exit,
            Output = _output.Text,
            Error = _error.Text,
            Cut = _output.Cut || _error.Cut,
        };
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    // Bubblewrap writes one JSON document for each thing that happens; the last one has the exit code, when the command ran at all.
    private static int? ExitCode(string status)
    {
        foreach (var line in File.ReadLines(status))
        {
            if (line.Length > 0 && JsonElement.Parse(line).TryGetProperty("exit-code", out var code))
            {
                return code.GetInt32();
            }
        }

        return null;
    }

    private OutputReader Reader(bool isError) => new(
        isError, _options.OutputKb * 1024, (long)_options.MostOutputMb << 20, _command.Output, () => _watchdog.Stop(SandboxEnd.TooMuchOutput));

    private async Task WriteAsync()
    {
        try
        {
            await using var input = _process.StandardInput.BaseStream;
            await input.WriteAsync(Encoding.UTF8.GetBytes(_command.Input));
        }
        catch (IOException)
        {
            // It has ended without reading all.
        }
    }
}
