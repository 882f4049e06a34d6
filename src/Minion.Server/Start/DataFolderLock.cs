using Minion.Contracts.Faults;
using Minion.Contracts.Servers;

namespace Minion.Server.Start;

/// <summary>Holds the data folder for one server; the system lets go of it however the process ends.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(string path, FileStream file)
    {
        Path = path;
        _file = file;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Creates the folder if need be and takes it.</summary>
    /// <exception cref="Fault">Another server has it, or this user may not write there.</exception>
    public static DataFolderLock Take(string folder)
    {
        try
        {
            DataFolder.Create(folder);
            return new DataFolderLock(folder, new FileStream(LockIn(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException)
        {
            throw new Fault(
                Grpc.Core.StatusCode.FailedPrecondition,
                "DATA_FOLDER_READ_ONLY",
                $"This user may not write to the data folder {folder}.",
                "Make it writable, or choose another one with --data DIR.");
        }
        catch (IOException e) when (File.Exists(LockIn(folder)) && !IsDiskFull(e))
        {
            throw new Fault(
                Grpc.Core.StatusCode.FailedPrecondition,
                "ALREADY_RUNNING",
                $"A server is running on the data folder {folder} already{(RunningServer.Read(folder) is { } other ? $": process {other.Pid}, gRPC at {other.Grpc}" : "")}.",
                "Use that one, stop it with ./minion down, or choose another folder with --data DIR.");
        }
        catch (IOException e)
        {
            throw new Fault(
                Grpc.Core.StatusCode.FailedPrecondition,
                "DATA_FOLDER_UNUSABLE",
                $"The data folder {folder} cannot be used: {e.Message}",
                IsDiskFull(e) ? "Free space on its disk." : "Choose another one with --data DIR.");
        }
    }

    public void Dispose() => _file.Dispose();

    private static string LockIn(string folder) => System.IO.Path.Combine(folder, "server.lock");

    private static bool IsDiskFull(IOException e) => e.HResult is 28 or unchecked((int)0x80070070);
}
