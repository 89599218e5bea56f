"""What other people call the columns of line lists, contacts, routes and lists of passengers, as `normal` makes it.

English with the forms of R's packages, Go.Data, SORMAS and the World Health Organization, Vietnamese, Spanish, French,
Portuguese, Korean and Chinese (written and in Latin letters). Within a concept the surest come first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping


def normal(header: str) -> str:
    """'Ngày khởi phát' → 'ngaykhoiphat', 'infected_by' → 'infectedby', '환자 번호' → '환자번호'."""
    apart = unicodedata.normalize("NFKD", header.strip().lower().replace("đ", "d"))
    plain = unicodedata.normalize("NFC", "".join(one for one in apart if not unicodedata.combining(one)))
    return "".join(one for one in plain if one.isalnum())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ROW_NAME = "row name"
"""A first column without a header, in which a program wrote the names of rows."""

NAMES: Mapping[str, tuple[str, ...]] = {concept: _words(words) for concept, words in {
    "person": """
        person personid patientid patientno patientnumber patient caseid hostsid case caseno casenumber pid
        participant participantid individual individualid subject subjectid passenger passengerid who
        patinfoid casidentifier
        mabn mabenhnhan sobn benhnhan macabenh maca cabenh nguoi hanhkhach
        idcaso idpaciente codigocaso codigopaciente numerocaso paciente caso pasajero persona
        idcas idpatient numerocas codecas cas malade passager personne identifiant codigo
        환자번호 환자id 확진자번호 확진자 환자 사례번호 hwanjabeonho hwakjinjabeonho hwanja hwakjinja
        病例编号 病例号 患者编号 病例 患者 binglibianhao binglihao huanzhebianhao bingli huanzhe
        visualid casename name hovaten hoten nombre nom id uid uuid userid user stt no 번호 编号 bianhao rowname""",
    "infector": """
        infector infectorid infectorcase caseinfector infectedby infectedbyid infby infectorcaseid
        contractedfromwhichpatientsuspected contractedfrom ances ancestor ancestors
        sourcecase sourcecaseid sourcepatient indexcase indexcaseid primarycase primarycaseid infectionsource
        sourceofinfection presumedinfector parent transmitter expoid1
        layfrom nguonlay laytu nguoilay lannguoi bilayboi
        infectadopor contagiadopor casofuente casoindice fuentedeinfeccion fuentecontagio infectante
        infectepar contaminepar cassource casindex infecteur sourcedinfection sourcecontamination
        감염원 전파자 감염시킨환자 감염자 gamyeomwon jeonpaja
        传染源 感染来源 感染源 上一代病例 chuanranyuan ganranlaiyuan ganranyuan
        source sourceid inf from""",
    "infected": """
        infected infectee infecteeid infecteecase caseinfectee infectedid infectedcase secondarycase
        secondarycaseid child nguoibilay infectado contagiado casosecundario infecte cassecondaire
        피감염자 被感染者 sus target to""",
    "other": """
        other contact contactid contactno contactperson contactpersonid person2 id2 personb userb idb j
        nguoitiepxuc matiepxuc nguoigap
        contacto idcontacto codigocontacto idcontact numerocontact codecontact personnecontact
        접촉자 접촉자번호 jeopchokja 密切接触者 密接者 miqiejiechuzhe mijiezhe
        to infected infectee targetpersonvisualid targetvisualid targetpersonid targetuid targetperson target""",
    "one": """
        person1 id1 persona usera ida i from sourcepersonvisualid sourcevisualid sourcepersonid sourceuid
        sourceperson infector""",
    "one_is": "sourcepersontype sourcetype",
    "other_is": "targetpersontype targettype",
    "case_met": "sourcecaseuuid sourcecaseid sourcecase",
    "contact_is": "contactclassification contactstatus contactproximity lastcontactdate",
    "became": "resultingcaseuuid resultingcaseid resultingcase",
    "was_case": """
        wascase becamecase becameacase becomecase becamepositive convertedtocase iscase contactpositive
        contactresult trothanhca thanhca devintcas seconvirtioencaso""",
    "onset": """
        onset onsetdate dateonset dateofonset dtonset symptomonset symptomonsetdate dateonsetsymptoms
        onsetsymptomsdate dateofsymptomonset dateofonsetofsymptoms symptomsonset symptomsonsetdate symptomdate
        dateofsymptoms dateofonsetsymptoms reportedonsetdate illnessonset illnessonsetdate patcoursedateonset
        ngaykhoiphat khoiphat ngaykhoibenh ngaycotrieuchung ngayxuathientrieuchung
        fechainiciosintomas fechadeiniciodesintomas fechainiciodesintomas fechainicio fechasintomas fis
        iniciosintomas datainiciosintomas
        datedebutsymptomes datedebutdessymptomes datedebut debutsymptomes datedapparitiondessymptomes
        dateapparitionsymptomes datesymptomes
        증상발현일 증상발생일 증상일 발병일 발병일자 balbyeongil jeungsangbalhyeonil
        发病日期 发病时间 发病日 症状出现日期 fabingriqi fabingshijian""",
    "collected": """
        collectedat collected specimendate specimencollectiondate sampledate samplecollectiondate
        samplingdate collectiondate datecollected datecollection dateofsample dateofsampling datesampling
        dateofspecimen dateofspecimencollection testdate testingdate datetested datetest dateoftest daytested
        sample datesample labdate1 labdate datelab pcrdate
        ngaylaymau laymau ngayxetnghiem
        fechatomamuestra fechatomademuestra fechademuestra fechamuestra fechatoma fechaprueba datacoleta
        dateprelevement datedeprelevement datedutest dateechantillon
        검체채취일 검체채취일자 검사일 geomsail chaechwiil 采样日期 采样时间 检测日期 caiyangriqi jianceriqi""",
    "resulted": """
        resultedat resultdate dateresult dateofresult confirmeddate confirmdate dateconfirmed dateconfirm
        confirmationdate dateconfirmation dateofconfirmation confirmedon confirmedat positivedate dtdiag
        diagnosed datediagnosed dateofdiagnosis diagnosisdate datediagnosis dtreport datereport datereported
        dateofreport dateofreporting datereporting reportdate reporteddate reportingdate reportdatetime
        dateannounced announceddate publicdate notificationdate datenotification dateofnotification
        ngaycongbo ngayduongtinh ngaycoketqua ngayxacnhan ngayxacdinh ngaytraketqua ngaybaocao
        fecharesultado fechaconfirmacion fechadeconfirmacion fechadiagnostico fechanotificacion
        fechadenotificacion fechareporte datanotificacao dataresultado dataconfirmacao
        dateresultat dateconfirmationcas datedeconfirmation datedenotification datedediagnostic
        확진일 확진일자 확진날짜 hwakjinil hwakjinilja 确诊日期 确诊时间 报告日期 quezhenriqi quezhenshijian baogaoriqi
        dates date""",
    "result": """
        result testresult labresult pcrresult resultofpcr ketqua ketquaxetnghiem resultado resultadoprueba
        resultat resultatdutest 검사결과 결과 检测结果 结果
        caseclassification classification casetype casestatus clasificacion phanloai status 확진여부 分类""",
    "household": """
        household householdid hh hhid householdno householdnumber family familyid familyno hogiadinh maho mahogiadinh
        sohokhau hogar idhogar hogarid vivienda familia menage idmenage menageid foyer famille
        가구 가구번호 가족번호 家庭 家庭编号 jiating""",
    "place": """
        place placeid placename location locationid locationname venue venueid venuename site siteid facility
        poi address diadiem noiden tendiadiem noi lugar sitio establecimiento local lieu endroit
        etablissement 장소 방문장소 jangso bangmunjangso 地点 场所 到访地点 didian changsuo""",
    "latitude": "latitude lat vido latitud 위도 纬度 weido",
    "longitude": "longitude lon lng long kinhdo longitud 경도 经度 jingdu",
    "entered": """
        enteredat entered checkin checkinat checkintime start startedat starttime starts arrival arrived arrivedat
        arrivaltime timein intime timefrom begin giovao gioden thoigianvao thoigianden
        horaentrada horadeentrada horallegada entrada heurearrivee heuredarrivee heureentree debut
        방문시작 방문시작시간 입장시간 도착시간 到达时间 进入时间 daodashijian
        from datetime timestamp visittime time
        visitdate dateofvisit datevisited date day ngay ngayden fechavisita fecha jour datevisite
        방문일 방문일자 방문일시 bangmunil 일자 날짜 日期 riqi hora heure t""",
    "visited_on": """
        visitdate dateofvisit datevisited date day ngay ngayden fechavisita fecha datevisite jour
        방문일 방문일자 bangmunil 일자 날짜 日期 riqi""",
    "left": """
        leftat left checkout checkoutat checkouttime end endedat endtime ends departure departed departuretime
        timeout outtime timeto until giora giove thoigianra horasalida horadesalida salida heuredepart
        heuresortie heurededepart fin 방문종료 방문종료시간 퇴장시간 离开时间 likaishijian to""",
    "vehicle": """
        vehicle vehiclenumber vehicleid flight flightnumber flightno flightid train trainnumber trainno bus
        busnumber plate licenseplate voyage vessel chuyenbay sohieuchuyenbay chuyentau chuyenxe bienso
        vuelo numerovuelo vol numerovol numerodevol 항공편 편명 hanggongpyeon 航班 航班号 车次 hangban checi""",
    "seat": "seat seatnumber seatno soghe ghe asiento numeroasiento siege numerosiege 좌석 좌석번호 座位 座位号 zuowei",
    "departed": """
        departedat departed departuredatetime departuredate departuretime departure flightdate dateofflight
        traveldate dateoftravel datetime ngaydi ngaybay ngaygiokhoihanh giokhoihanh fechavuelo fechasalida
        datevol datedevol datedepart 출발일 출발일시 출발시간 탑승일 出发日期 出发时间 航班日期 chufariqi hangbanriqi
        date day fecha 날짜 日期 riqi""",
    "day": """
        datelastcontact dateoflastcontact lastcontactdate lastcontact lastexposuredate lastexposure exposureend
        lastdate contactdate dateofcontact dateofexposure exposuredate ngaytiepxuc ngaytiepxuccuoi
        lantiepxuccuoi fechacontacto fechaultimocontacto ultimocontacto datecontact datederniercontact
        접촉일 최종접촉일 jeopchogil 接触日期 末次接触日期 jiechuriqi date day t timestamp""",
    "first_day": """
        datefirstcontact dateoffirstcontact firstcontactdate firstcontact firstexposuredate firstexposure
        exposurestart ngaytiepxucdau fechaprimercontacto datepremiercontact 최초접촉일 首次接触日期""",
    "layer": """
        layer setting exposure type relation relationship contacttype typeofcontact clusterrisk infectioncase
        relationtocase contactproximity exposuretype quanhe loaitiepxuc parentesco tipocontacto tipodecontacto lien
        liendeparente typecontact typedecontact 관계 접촉유형 关系 source""",
    "infected_on": """
        infectedon infectiondate dateinfected dateinfection dateofinfection presumedinfecteddate
        presumedinfectiondate inftime exposuredate ngaylay fechainfeccion fechacontagio dateinfectee
        datecontamination 감염일 感染日期""",
    "related": """
        relatedcases relatedcase relatedto linkedcases linkedto linkedcase clusterlinks caselinks knowncontacts
        contacts closecontacts contactof contactwith calienquan lienquan tiepxucvoi lienquanden
        casosrelacionados contactode caslies casrelies 관련확진자 关联病例 guanlianbingli""",
    "infector_onset": "infectoronset infectoronsetdate onsetinfector infectorsymptomonset infectordateonset",
    "infected_onset": "infecteeonset infecteeonsetdate onsetinfectee infectedonset infecteesymptomonset",
    "infector_resulted": "confirminfector infectorconfirm infectorconfirmed infectorconfirmdate infectorreportdate",
    "infected_resulted": "confirminfectee infecteeconfirm infecteeconfirmed infecteeconfirmdate infecteereportdate",
}.items()}  # fmt: skip
KNOWN = frozenset(name for names in NAMES.values() for name in names)
PAIRS = re.compile("trans|infect|pair|chain|tree|lay")
"""In a file's name: two persons of a row are infector and infected, where their columns do not say."""
ROW_NUMBERS = frozenset({"id", "uid", "uuid", "stt", "no", "번호", "编号", "bianhao", "rowname"})
"""Columns that number a file's rows, where two others name two people."""
