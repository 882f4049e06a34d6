using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>An answer of 64 MB, to see whether somebody who does not read it is spared it.</summary>
public sealed class VendorFlood
{
    /// <summary>The characters of the whole answer.</summary>
    public const long All = 64 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;

    /// <summary>Completes when a write has waited for the reader.</summary>
    public Task Blocked => _blocked.Task;

    /// <summary>The characters that the other side took.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>The turn.</summary>
    public VendorTurn Pour => async exchange =>
    {
        // One-word frames, again and again: each is within every limit, and there is no end to them.
        var frames = exchange.Wire.Frames(exchange.Request, new FakeAnswer { Text = string.Join(' ', Enumerable.Repeat("x", 200)) }).Take(100).ToList();
        while (Sent < All)
        {
            foreach (var frame in frames)
            {
                var write = exchange.SendFrameAsync(frame);
                if (await Task.WhenAny(write, Task.Delay(Patience, exchange.Context.RequestAborted)) != write)
                {
                    _blocked.TrySetResult();
                }

                await write;
                Interlocked.Add(ref _sent, frame.Length);
            }
        }

        _blocked.TrySetResult();
    };
}
