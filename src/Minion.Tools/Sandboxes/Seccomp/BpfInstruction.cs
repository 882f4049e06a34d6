using System.Buffers.Binary;

namespace Minion.Tools.Sandboxes.Seccomp;

/// <summary>One instruction of a classic BPF program (<c>struct sock_filter</c>, linux/filter.h).</summary>
internal readonly record struct BpfInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value)
{
    public const int Size = 8;

    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpIfAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private const ushort JumpIfAnyBit = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    public static BpfInstruction Load(uint offset) => new(LoadWord, 0, 0, offset);

    public static BpfInstruction Equal(uint value, byte ifTrue, byte ifFalse) => new(JumpIfEqual, ifTrue, ifFalse, value);

    public static BpfInstruction AtLeast(uint value, byte ifTrue, byte ifFalse) => new(JumpIfAtLeast, ifTrue, ifFalse, value);

    public static BpfInstruction AnyBit(uint bits, byte ifTrue, byte ifFalse) => new(JumpIfAnyBit, ifTrue, ifFalse, bits);

    public static BpfInstruction Result(uint action) => new(Return, 0, 0, action);

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, Code);
        target[2] = IfTrue;
        target[3] = IfFalse;
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Value);
    }
}
