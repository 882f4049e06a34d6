using System.Buffers;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.Net.Client;

/// <summary>Reads messages from the body of a response.</summary>
internal sealed class FrameReader(Stream body, int? maxSize, string? encoding)
{
    private const int BufferSize = 4096;

    private readonly MessageDeserializer _deserializer = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private bool _compressed;
    private int _length;
    private bool _busy;
    private bool _released;

    /// <summary>Waits for a whole message; false at the end of the body.</summary>
    /// <exception cref="RpcException">INTERNAL when the body ends within a message, RESOURCE_EXHAUSTED when a message is too large.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            if (!await FillAsync(FrameHeader.Size, cancellationToken))
            {
                return _start == _end ? false : throw Errors.Internal("The response ended within a message.");
            }

            (_compressed, _length) = FrameHeader.Read(_buffer.AsSpan(_start), maxSize);
            return await FillAsync(FrameHeader.Size + _length, cancellationToken)
                ? true
                : throw Errors.Internal("The response ended within a message.");
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>The message that <see cref="MoveNextAsync"/> found.</summary>
    public T Read<T>(Marshaller<T> marshaller)
    {
        Enter();
        try
        {
            var payload = new ReadOnlySequence<byte>(_buffer, _start + FrameHeader.Size, _length);
            _start += FrameHeader.Size + _length;
            return _deserializer.Deserialize(payload, _compressed, encoding, maxSize, marshaller);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Gives the buffer back, now or when the read under way is over.</summary>
    public void Release()
    {
        lock (_deserializer)
        {
            _released = true;
            if (!_busy)
            {
                ReturnBuffer();
            }
        }
    }

    private async ValueTask<bool> FillAsync(int needed, CancellationToken cancellationToken)
    {
        while (_end - _start < needed)
        {
            MakeRoom(needed);
            var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    private void MakeRoom(int needed)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_buffer.Length - _start >= needed && _end < _buffer.Length)
        {
            return;
        }

        var kept = _buffer.AsSpan(_start, _end - _start);
        if (_buffer.Length >= needed)
        {
            kept.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            kept.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        (_start, _end) = (0, _end - _start);
    }

    private void Enter()
    {
        lock (_deserializer)
        {
            ObjectDisposedException.ThrowIf(_released, this);
            _busy = true;
        }
    }

    private void Exit()
    {
        lock (_deserializer)
        {
            _busy = false;
            if (_released)
            {
                ReturnBuffer();
            }
        }
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
