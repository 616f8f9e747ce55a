import type { Species } from './codes.ts'
import type { BreedSize } from './product.ts'

/**
 * Breed names by the size class of their species: the midpoint of the adult weight range, dogs under 10, under 25 kg and
 * above, cats under 4, under 6 kg and above. Dogs after the American Kennel Club's ranges (TheDogAPI where it gives
 * none), cats after TheCatAPI. The boxer is large by the second source: the first one's lower bound (6.8 kg) is a misprint.
 */
export const BREED_NAMES: Record<Species, Record<BreedSize, string>> = {
  DOG: {
    small: `
      Affenpinscher, American Eskimo Dog, American Hairless Terrier, Australian Terrier, Beagle, Bedlington Terrier, Bichon
      Frise, Biewer Terrier, Bolognese, Border Terrier, Boston Terrier, Brussels Griffon, Cairn Terrier, Cavalier King Charles
      Spaniel, Cesky Terrier, Chihuahua, Chinese Crested, Cirneco dell'Etna, Coton de Tulear, Dachshund, Dandie Dinmont Terrier,
      Danish-Swedish Farmdog, English Toy Spaniel, Havanese, Italian Greyhound, Jagdterrier, Japanese Chin, Japanese Spitz,
      Lakeland Terrier, Lancashire Heeler, Lhasa Apso, Löwchen, Maltese, Manchester Terrier (Standard), Manchester Terrier
      (Toy), Miniature Pinscher, Miniature Schnauzer, Norfolk Terrier, Norwich Terrier, Papillon, Parson Russell Terrier,
      Pekingese, Pomeranian, Poodle (Miniature), Poodle (Toy), Portuguese Podengo Pequeno, Pug, Rat Terrier, Russell Terrier,
      Russian Toy, Russian Tsvetnaya Bolonka, Schipperke, Scottish Terrier, Shetland Sheepdog, Shiba Inu, Shih Tzu, Silky
      Terrier, Smooth Fox Terrier, Teddy Roosevelt Terrier, Tibetan Spaniel, Toy Fox Terrier, Welsh Terrier, West Highland White
      Terrier, Wire Fox Terrier, Yorkshire Terrier
    `,
    medium: `
      Afghan Hound, American English Coonhound, American Staffordshire Terrier, American Water Spaniel, Australian Cattle Dog,
      Australian Shepherd, Australian Stumpy Tail Cattle Dog, Azawakh, Barbet, Basenji, Basset Fauve de Bretagne, Basset Hound,
      Bavarian Mountain Scent Hound, Bearded Collie, Bohemian Shepherd, Border Collie, Boykin Spaniel, Braque du Bourbonnais,
      Braque Francais Pyrenean, Brittany, Bulldog, Canaan Dog, Cardigan Welsh Corgi, Carolina Dog, Chinese Shar-Pei, Cocker
      Spaniel, Croatian Sheepdog, Czechoslovakian Vlcak, Deutscher Wachtelhund, Drever, English Cocker Spaniel, English Springer
      Spaniel, Entlebucher Mountain Dog, Eurasier, Field Spaniel, Finnish Lapphund, Finnish Spitz, French Bulldog, French
      Spaniel, German Pinscher, German Spitz, Glen of Imaal Terrier, Grand Basset Griffon Vendéen, Harrier, Hokkaido, Ibizan
      Hound, Icelandic Sheepdog, Irish Red and White Setter, Irish Terrier, Jindo, Kai Ken, Karelian Bear Dog, Keeshond, Kerry
      Blue Terrier, Kishu Ken, Kromfohrlander, Lagotto Romagnolo, Miniature American Shepherd, Miniature Bull Terrier, Mountain
      Cur, Mudi, Nederlandse Kooikerhondje, Norrbottenspets, Norwegian Buhund, Norwegian Elkhound, Norwegian Lundehund, Nova
      Scotia Duck Tolling Retriever, Pembroke Welsh Corgi, Peruvian Inca Orchid, Petit Basset Griffon Vendéen, Pharaoh Hound,
      Plott Hound, Polish Lowland Sheepdog, Poodle (Standard), Portuguese Podengo, Portuguese Pointer, Portuguese Sheepdog,
      Portuguese Water Dog, Puli, Pumi, Pyrenean Shepherd, Saluki, Samoyed, Schapendoes, Sealyham Terrier, Segugio Italiano,
      Shikoku, Siberian Husky, Skye Terrier, Sloughi, Slovensky Kopov, Small Munsterlander Pointer, Soft Coated Wheaten Terrier,
      Spanish Water Dog, Stabyhoun, Staffordshire Bull Terrier, Standard Schnauzer, Sussex Spaniel, Swedish Lapphund, Swedish
      Vallhund, Taiwan Dog, Thai Ridgeback, Tibetan Terrier, Transylvanian Hound, Treeing Tennessee Brindle, Vizsla, Welsh
      Springer Spaniel, Whippet, Wirehaired Pointing Griffon, Wirehaired Vizsla, Working Kelpie, Xoloitzcuintli, Yakutian Laika
    `,
    large: `
      Airedale Terrier, Akita, Alaskan Malamute, American Bulldog, American Foxhound, American Leopard Hound, Anatolian Shepherd
      Dog, Appenzeller Sennenhund, Beauceron, Belgian Laekenois, Belgian Malinois, Belgian Sheepdog, Belgian Tervuren,
      Bergamasco Sheepdog, Berger Picard, Bernese Mountain Dog, Black and Tan Coonhound, Black Russian Terrier, Bloodhound,
      Bluetick Coonhound, Boerboel, Borzoi, Bouvier des Flandres, Boxer, Bracco Italiano, Briard, Broholmer, Bull Terrier,
      Bullmastiff, Cane Corso, Catahoula Leopard Dog, Caucasian Shepherd Dog, Central Asian Shepherd Dog, Chesapeake Bay
      Retriever, Chinook, Chow Chow, Clumber Spaniel, Collie, Curly-Coated Retriever, Dalmatian, Doberman Pinscher, Dogo
      Argentino, Dogue de Bordeaux, Drentsche Patrijshond, Dutch Shepherd, English Foxhound, English Setter, Estrela Mountain
      Dog, Flat-Coated Retriever, German Longhaired Pointer, German Shepherd Dog, German Shorthaired Pointer, German Wirehaired
      Pointer, Giant Schnauzer, Golden Retriever, Gordon Setter, Great Dane, Great Pyrenees, Greater Swiss Mountain Dog,
      Greyhound, Hamiltonstovare, Hanoverian Scenthound, Hovawart, Irish Setter, Irish Water Spaniel, Irish Wolfhound, Komondor,
      Kuvasz, Labrador Retriever, Lapponian Herder, Leonberger, Mastiff, Neapolitan Mastiff, Newfoundland, Old English Sheepdog,
      Otterhound, Perro de Presa Canario, Pointer, Porcelaine, Pudelpointer, Pyrenean Mastiff, Rafeiro do Alentejo, Redbone
      Coonhound, Rhodesian Ridgeback, Romanian Mioritic Shepherd Dog, Rottweiler, Saint Bernard, Scottish Deerhound, Slovakian
      Wirehaired Pointer, Slovensky Cuvac, Spanish Mastiff, Tibetan Mastiff, Tornjak, Tosa, Treeing Walker Coonhound,
      Weimaraner, Wetterhoun
    `,
  },
  CAT: {
    small: `
      American Curl, Balinese, Bambino, Colorpoint Shorthair, Cornish Rex, Devon Rex, Japanese Bobtail, Javanese, Munchkin,
      Oriental Shorthair, Russian Blue, Scottish Fold, Singapura, Turkish Angora
    `,
    medium: `
      Abyssinian, Aegean, American Bobtail, American Shorthair, American Wirehair, Arabian Mau, Australian Mist, Bengal, Birman,
      Bombay, Burmese, Burmilla, Chantilly-Tiffany, Chartreux, Chausie, Cheetoh, Cymric, Cyprus, Donskoy, Dragon Li, Egyptian
      Mau, European Burmese, Exotic Shorthair, Havana Brown, Himalayan, Khao Manee, Korat, Kurilian Bobtail, LaPerm, Malayan,
      Manx, Nebelung, Norwegian Forest Cat, Ocicat, Persian, Selkirk Rex, Siamese, Siberian, Snowshoe, Somali, Sphynx,
      Tonkinese, Toyger
    `,
    large: `
      British Longhair, British Shorthair, California Spangled, Maine Coon, Pixie-bob, Ragamuffin, Ragdoll, Savannah, Turkish
      Van, York Chocolate
    `,
  },
}
