using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Minion.Tools.Mcp.Calls;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Transport;

/// <summary>
/// A program that speaks MCP over its standard input and output: one JSON text in each line. Lines that are none are left out; one that is
/// longer than the limit ends the program. What it writes to its error output is kept to explain why it ended.
/// </summary>
internal sealed class ProcessTransport : ITransport
{
    private const int MostWaiting = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Json = McpJsonUtilities.DefaultOptions;

    private readonly Process _process;
    private readonly int _largest;
    private readonly string _name;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Tail _errors = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateBounded<JsonRpcMessage>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Task _errorsRead;
    private readonly Task _work;
    private int _disposed;

    private ProcessTransport(Process process, string name, int largest, TimeProvider time, ILogger log)
    {
        (_process, _name, _largest, _time, _log) = (process, name, largest, time, log);
        _errorsRead = Task.Run(ReadErrorsAsync, CancellationToken.None);
        _work = Task.WhenAll(Task.Run(ReadAsync, CancellationToken.None), Task.Run(WriteAsync, CancellationToken.None), _errorsRead);
    }

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    /// <summary>The end of what the program wrote to its error output.</summary>
    public string Errors => _errors.Text;

    /// <exception cref="IOException">The program cannot be started.</exception>
    public static ProcessTransport Start(ProcessStartInfo program, string name, int largest, TimeProvider time, ILogger log)
    {
        program.RedirectStandardInput = program.RedirectStandardOutput = program.RedirectStandardError = true;
        program.UseShellExecute = false;
        program.CreateNoWindow = true;
        var process = new Process { StartInfo = program };
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            process.Dispose();
            throw new IOException($"'{program.FileName}' cannot be started: {exception.Message}", exception);
        }

        return new ProcessTransport(process, name, largest, time, log);
    }

    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, Json.GetTypeInfo(typeof(JsonRpcMessage))), cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw new IOException("The program has ended.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // A closed input is how the protocol says good-bye; who does not listen is ended.
        _outgoing.Writer.TryComplete();
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            Kill();
        }

        await _stop.CancelAsync();
        _incoming.Writer.TryComplete();
        try
        {
            await _work.WaitAsync(Patience, _time, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or IOException)
        {
            // Something that the program left behind may hold its pipes open; they are closed with the process object.
        }

        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException or AggregateException or System.ComponentModel.Win32Exception)
        {
            _log.McpProcessNotEnded(exception, _name);
        }
    }

    private async Task ReadAsync()
    {
        Exception? error = null;
        try
        {
            var lines = new MessageLines(_process.StandardOutput.BaseStream, _largest, length => _log.McpLineLeftOut(_name, length));
            await foreach (var message in lines.ReadAsync(_stop.Token))
            {
                await _incoming.Writer.WriteAsync(message, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (Exception exception)
        {
            error = exception;
            Kill();
        }
        finally
        {
            _outgoing.Writer.TryComplete();
            _incoming.Writer.TryComplete(error ?? new IOException(await LastWordsAsync()));
        }
    }

    private async Task<string> LastWordsAsync()
    {
        try
        {
            await _errorsRead.WaitAsync(Patience, _time, _stop.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Something that it left behind holds the pipe: what there is has to do.
        }

        return Errors.Length == 0 ? "The program has ended." : $"The program has ended. Its last words: {ServerText.Clean(Errors, 600)}";
    }

    private async Task WriteAsync()
    {
        try
        {
            var input = _process.StandardInput.BaseStream;
            await foreach (var message in _outgoing.Reader.ReadAllAsync(_stop.Token))
            {
                await input.WriteAsync(message, _stop.Token);
                await input.WriteAsync("\n"u8.ToArray(), _stop.Token);
                await input.FlushAsync(_stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            _outgoing.Writer.TryComplete();
        }
        finally
        {
            CloseInput();
        }
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It was closed by the program's end.
        }
    }

    private async Task ReadErrorsAsync()
    {
        try
        {
            var buffer = new char[4096];
            for (int count; (count = await _process.StandardError.ReadAsync(buffer, _stop.Token)) > 0;)
            {
                _errors.Add(buffer.AsSpan(0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nothing more to read.
        }
    }
}
