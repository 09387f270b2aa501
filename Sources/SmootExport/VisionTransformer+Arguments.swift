import Foundation
import SmootNN
import SmootTensor

extension VisionTransformer {
  /// The arguments, as JSON, with which timm's `VisionTransformer` becomes this network.
  var arguments: String {
    let arguments = Arguments(
      depth: extents.depth, embeddingWidth: extents.width,
      imageSize: [inputSize.height, inputSize.width], channels: inputSize.channels,
      expansion: extents.expansion, classCount: classCount, heads: extents.heads,
      patchSize: extents.patchSize)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return (try? encoder.encode(arguments)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private struct Arguments: Encodable {
    let depth: Int
    let embeddingWidth: Int
    let imageSize: [Int]
    let channels: Int
    let expansion: Int
    let classCount: Int
    let heads: Int
    let patchSize: Int

    enum CodingKeys: String, CodingKey {
      case depth
      case embeddingWidth = "embed_dim"
      case imageSize = "img_size"
      case channels = "in_chans"
      case expansion = "mlp_ratio"
      case classCount = "num_classes"
      case heads = "num_heads"
      case patchSize = "patch_size"
    }
  }
}
