using System.Runtime.InteropServices;
using Minion.Tools.Sandboxes.Seccomp;

namespace Minion.Tools.Tests.Sandboxes;

public sealed class SeccompFilterTests
{
    private static readonly SyscallTable X64 = SyscallTable.Of(Architecture.X64)!;

    [Theory]
    [InlineData("ptrace", 0UL, 0UL, 0UL, SeccompFilter.Refuse)]
    [InlineData("clone", 17UL, 0UL, 0UL, SeccompFilter.Allow)]
    [InlineData("clone", 0x10000011UL, 0UL, 0UL, SeccompFilter.Refuse)]
    [InlineData("clone3", 0UL, 0UL, 0UL, SeccompFilter.Unknown)]
    [InlineData("io_uring_setup", 0UL, 0UL, 0UL, SeccompFilter.Unknown)]
    [InlineData("ioctl", 0UL, 0x5401UL, 0UL, SeccompFilter.Allow)]
    [InlineData("ioctl", 0UL, 0x5412UL, 0UL, SeccompFilter.Refuse)]
    [InlineData("ioctl", 0UL, 0xFFFFFFFF00005412UL, 0UL, SeccompFilter.Refuse)]
    [InlineData("ioctl", 0UL, 0x541CUL, 0UL, SeccompFilter.Refuse)]
    [InlineData("socket", 1UL, 1UL, 0UL, SeccompFilter.Allow)]
    [InlineData("socket", 2UL, 1UL, 0UL, SeccompFilter.Allow)]
    [InlineData("socket", 10UL, 1UL, 0UL, SeccompFilter.Allow)]
    [InlineData("socket", 16UL, 3UL, 0UL, SeccompFilter.Allow)]
    [InlineData("socket", 16UL, 3UL, 15UL, SeccompFilter.Refuse)]
    [InlineData("socket", 17UL, 3UL, 0UL, SeccompFilter.Refuse)]
    [InlineData("socket", 40UL, 1UL, 0UL, SeccompFilter.Refuse)]
    [InlineData("chmod", 0UL, 0x1EDUL, 0UL, SeccompFilter.Allow)]
    [InlineData("chmod", 0UL, 0x9EDUL, 0UL, SeccompFilter.Refuse)]
    [InlineData("fchmodat", 0UL, 0UL, 0x5EDUL, SeccompFilter.Refuse)]
    [InlineData("mknod", 0UL, 0x11B6UL, 0UL, SeccompFilter.Allow)]
    [InlineData("mknod", 0UL, 0x21B6UL, 0UL, SeccompFilter.Refuse)]
    [InlineData("mknodat", 0UL, 0UL, 0x61B6UL, SeccompFilter.Refuse)]
    [InlineData("personality", 0UL, 0UL, 0UL, SeccompFilter.Allow)]
    [InlineData("personality", 0xFFFFFFFFUL, 0UL, 0UL, SeccompFilter.Allow)]
    [InlineData("personality", 0x0040000UL, 0UL, 0UL, SeccompFilter.Refuse)]
    public void A_call_is_decided_by_its_number_and_arguments(string name, ulong first, ulong second, ulong third, uint action)
    {
        foreach (var table in new[] { X64, SyscallTable.Of(Architecture.Arm64)! })
        {
            if (table.Numbers.TryGetValue(name, out var number))
            {
                Decide(table, table.Architecture, number, first, second, third).ShouldBe(action);
            }
        }
    }

    [Fact]
    public void Ordinary_calls_are_allowed()
    {
        foreach (var number in new uint[] { 0, 1, 2, 3, 9, 39, 57, 59, 60, 61, 202, 231, 257, 262, 302, 318, 334, 424, 434, 436, 439, 441, 449 })
        {
            Decide(X64, X64.Architecture, number).ShouldBe(SeccompFilter.Allow, $"{number}");
        }
    }

    [Fact]
    public void Other_processors_and_unknown_calls_are_not()
    {
        Decide(X64, 0x40000003, 0).ShouldBe(SeccompFilter.Kill);
        Decide(X64, X64.Architecture, 0x40000000).ShouldBe(SeccompFilter.Unknown);
        Decide(X64, X64.Architecture, X64.Newest).ShouldBe(SeccompFilter.Unknown);
        Decide(X64, X64.Architecture, uint.MaxValue).ShouldBe(SeccompFilter.Unknown);
    }

    [Fact]
    public void Every_call_of_the_table_is_decided_against_in_some_case()
    {
        foreach (var (name, number) in X64.Numbers)
        {
            var worst = new ulong[] { 0, 17, 0x10000000, 0x5412, 0x61B6, 0xC00 }
                .SelectMany(a => new[] { Decide(X64, X64.Architecture, number, a, a, a) })
                .ToList();
            worst.ShouldContain(action => action != SeccompFilter.Allow, name);
        }
    }

    // What the kernel does with the program (bpf(4)), for the few instructions that it has.
    private static uint Decide(SyscallTable table, uint architecture, uint number, params ulong[] arguments)
    {
        var data = new uint[16];
        (data[0], data[1]) = (number, architecture);
        for (var i = 0; i < arguments.Length; i++)
        {
            (data[4 + (i * 2)], data[5 + (i * 2)]) = ((uint)arguments[i], (uint)(arguments[i] >> 32));
        }

        var program = SeccompFilter.Compile(table);
        var accumulator = 0u;
        for (var at = 0; ; at++)
        {
            var (code, ifTrue, ifFalse, value) = program[at];
            switch (code)
            {
                case 0x20:
                    accumulator = data[value / 4];
                    break;
                case 0x54:
                    accumulator &= value;
                    break;
                case 0x06:
                    return value;
                default:
                    var holds = code switch { 0x15 => accumulator == value, 0x35 => accumulator >= value, 0x45 => (accumulator & value) != 0, _ => throw new InvalidOperationException($"{code:x}") };
                    at += holds ? ifTrue : ifFalse;
                    break;
            }
        }
    }
}
