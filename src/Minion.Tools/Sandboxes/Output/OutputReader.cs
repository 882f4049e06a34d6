using System.Text;

namespace Minion.Tools.Sandboxes.Output;

/// <summary>Reads one output to its end, keeps what fits, and says when there is too much.</summary>
internal sealed class OutputReader(bool isError, int kept, long most, Action<SandboxOutput>? heard, Action tooMuch)
{
    private readonly OutputBuffer _buffer = new(kept);
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public bool Cut => _buffer.Cut;

    public string Text => _buffer.Text();

    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[16 * 1024];
        var characters = new char[bytes.Length + 1];
        try
        {
            while (await stream.ReadAsync(bytes, cancellationToken) is var length and > 0)
            {
                _buffer.Add(bytes.AsSpan(0, length));
                if (heard is not null)
                {
                    var count = _decoder.GetChars(bytes.AsSpan(0, length), characters, flush: false);
                    heard(new SandboxOutput(isError, new string(characters, 0, count)));
                }

                if (_buffer.Total > most)
                {
                    tooMuch();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The sandbox has gone; what came before counts.
        }
    }
}
