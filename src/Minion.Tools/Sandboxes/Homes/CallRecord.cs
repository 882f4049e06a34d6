using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Tools.Sandboxes.Homes;

/// <summary>
/// What came of the call that a home folder was kept after. It stands behind the packed folder in the same file (an archive ends before its file
/// does), so that both are there or neither: the same call made again, after a crash, changes nothing more.
/// </summary>
/// <param name="Key">The call's idempotency key.</param>
/// <param name="Result">What came of it.</param>
internal sealed record CallRecord(string Key, SandboxResult Result)
{
    private const int Longest = 4 * 1024 * 1024;

    /// <summary>Writes the record behind the packed folder.</summary>
    public void Append(string path)
    {
        var record = JsonSerializer.SerializeToUtf8Bytes(this, CallRecordJson.Default.CallRecord);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
        using var file = new FileStream(path, FileMode.Append);
        file.Write(record);
        file.Write(length);
    }

    /// <summary>The record of a packed folder; null when there is none.</summary>
    public static CallRecord? Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length < sizeof(int))
        {
            return null;
        }

        var length = new byte[sizeof(int)];
        file.Seek(-sizeof(int), SeekOrigin.End);
        file.ReadExactly(length);
        var size = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (size is <= 0 or > Longest || size + sizeof(int) > file.Length)
        {
            return null;
        }

        var record = new byte[size];
        file.Seek(-size - sizeof(int), SeekOrigin.End);
        file.ReadExactly(record);
        try
        {
            return JsonSerializer.Deserialize(record, CallRecordJson.Default.CallRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Source-generated serialization of records.</summary>
[JsonSerializable(typeof(CallRecord))]
internal sealed partial class CallRecordJson : JsonSerializerContext;
